import { BASES, type Basis, type Kind, type Side } from "./metrics.ts";

/**
 * What a named query answers with. `records` is a list of records by their use (records.ts); `record-usage` is the use of one record,
 * in the columns shape of series.ts.
 */
export type QueryForm = "documents" | "series" | "category" | "composite" | "records" | "record-usage";

export interface NamedQuery {
  readonly name: string;
  readonly form: QueryForm;
  /** Null for composite queries, which hold all four. */
  readonly side: Side | null;
  readonly kind: Kind | null;
  /** Fixed by the name, or null where the parameter `date_basis` decides. */
  readonly basis: Basis | null;
  /** Metric by which a list of records is ranked. */
  readonly rankedBy?: "views" | "downloads";
  /** Parameters without which the query cannot be asked. */
  readonly required?: readonly string[];
}

const recordDocuments = (["delta", "snapshot"] as const).flatMap((kind) =>
  BASES.map((basis): NamedQuery => ({
    name: `community-record-${kind}-${basis}`,
    form: "documents",
    side: "records",
    kind,
    basis,
  })),
);
const usageDocuments = (["delta", "snapshot"] as const).map((kind): NamedQuery => ({
  name: `community-usage-${kind}`,
  form: "documents",
  side: "usage",
  kind,
  basis: null,
}));
const seriesQueries = (["series", "category"] as const).flatMap((form) =>
  (["record", "usage"] as const).flatMap((subject) =>
    (["delta", "snapshot"] as const).map((kind): NamedQuery => ({
      name: `${subject}-${kind}-${form}`,
      form,
      side: subject === "record" ? "records" : "usage",
      kind,
      basis: null,
    })),
  ),
);
const composites = ["community-stats", "global-stats"].map((name): NamedQuery => ({
  name,
  form: "composite",
  side: null,
  kind: null,
  basis: null,
}));

const ofUsage = { side: "usage", kind: "delta", basis: null } as const;
const recordQueries: readonly NamedQuery[] = [
  { name: "most-viewed-records", form: "records", ...ofUsage, rankedBy: "views" },
  { name: "most-downloaded-records", form: "records", ...ofUsage, rankedBy: "downloads" },
  { name: "record-usage", form: "record-usage", ...ofUsage, required: ["record_id"] },
];

/** Every query name of the statistics API, in the order in which help texts list them. */
export const QUERIES: readonly NamedQuery[] = [
  ...recordDocuments,
  ...usageDocuments,
  ...composites,
  ...seriesQueries,
  ...recordQueries,
];

export function queryNamed(name: string): NamedQuery | undefined {
  return QUERIES.find((query) => query.name === name);
}
