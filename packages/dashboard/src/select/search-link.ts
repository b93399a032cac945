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

/** Address of the records that have a value, or null where records carry no such field (countries, referrers). */
export function searchLink(breakdown: string, id: string, communitySlug: string | null): string | null {
  const finder = FINDERS[breakdown];
  if (finder === undefined || id === "") return null;
  const base = communitySlug === null ? "/search" : `/communities/${encodeURIComponent(communitySlug)}/records`;
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
