/** How a value is found in the repository's search: by a facet, or by a query on a field. */
type Finder =
  | { readonly kind: "facet"; readonly facet: string; readonly nested?: true }
  | { readonly kind: "field"; readonly field: string };

const FINDERS: Readonly<Record<string, Finder>> = {
  resource_types: { kind: "facet", facet: "resource_type", nested: true },
  access_statuses: { kind: "facet", facet: "access_status" },
  languages: { kind: "facet", facet: "language" },
  file_types: { kind: "facet", facet: "file_type" },
  subjects: { kind: "field", field: "metadata.subjects.id" },
  rights: { kind: "field", field: "metadata.rights.id" },
  affiliations: { kind: "field", field: "metadata.creators.affiliations.id" },
  funders: { kind: "field", field: "metadata.funding.funder.id" },
  periodicals: { kind: "field", field: String.raw`custom_fields.journal\:journal.title` },
  publishers: { kind: "field", field: "metadata.publisher" },
};

/** Where the records of a page are found: the repository's address, and the community where the page is about one. */
export interface SearchPlace {
  readonly repositoryUrl: string | null;
  readonly slug: string | null;
}

/** Address of the records that have a value, or null where records carry no such field (countries, referrers). */
export function searchLink(breakdown: string, id: string, { repositoryUrl, slug }: SearchPlace): string | null {
  const finder = FINDERS[breakdown];
  if (finder === undefined || id === "" || repositoryUrl === null) return null;
  const path = slug === null ? "/search" : `/communities/${encodeURIComponent(slug)}/records`;
  const base = `${repositoryUrl}${path}`;
  const query =
    finder.kind === "facet"
      ? new URLSearchParams({ q: "", f: facetValue(finder, id) })
      : new URLSearchParams({ q: `${finder.field}:"${escapeQuoted(id)}"` });
  return `${base}?${query}`;
}

/** A subtype ("publication-article") is an inner value of its type; a type without one stands alone. */
function facetValue(finder: { readonly facet: string; readonly nested?: true }, id: string): string {
  const stem = id.split("-")[0] ?? id;
  return finder.nested && stem !== id ? `${finder.facet}:${stem}+inner:${id}` : `${finder.facet}:${id}`;
}

function escapeQuoted(text: string): string {
  return text.replace(/["\\]/g, String.raw`\$&`);
}

/** The landing page of a record, or null where the repository's address is not known. */
export function recordLink(record: string, { repositoryUrl }: SearchPlace): string | null {
  return repositoryUrl === null ? null : `${repositoryUrl}/records/${encodeURIComponent(record)}`;
}
