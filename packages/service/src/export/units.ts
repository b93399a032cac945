import { metricNamed } from "@community-stats/contract/metrics.ts";

/** The one table of units: of a metric by its name, of a counter of the documents by its path. "" for names of nobody. */
export function unitOf(name: string): string {
  return (metricNamed("records", name) ?? metricNamed("usage", name))?.unit ?? unitOfPath(name);
}

const LEAVES: Readonly<Record<string, string>> = {
  total_events: "events",
  unique_visitors: "visitors",
  unique_records: "records",
  unique_parents: "works",
  unique_files: "files",
  total_volume: "bytes",
  file_count: "files",
  data_volume: "bytes",
  uploaders: "people",
  total_uploaders: "people",
};

/** "parents.added.with_files" counts works, "records.added.with_files" records. */
function unitOfPath(path: string): string {
  const parts = path.split(".");
  const leaf = LEAVES[parts.at(-1) ?? ""];
  if (leaf !== undefined) return leaf;
  const [whole = ""] = parts;
  if (whole.endsWith("parents")) return "works";
  return whole.endsWith("records") ? "records" : "";
}
