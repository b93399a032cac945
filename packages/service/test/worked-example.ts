import { readFileSync } from "node:fs";
import type { World } from "./oracle/oracle.ts";

const folder = new URL("../../../fixtures/worked-example/", import.meta.url);

/** Section 10 of the rules: two communities, four records, three days. */
export function workedExample(): World {
  const [records, memberships, communities, events] = ["records", "memberships", "communities", "events"].map((name) =>
    readFileSync(new URL(`${name}.ndjson`, folder), "utf8")
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line)),
  );
  if (!records || !memberships || !communities || !events) throw new Error("the worked example is not complete");
  return { records, memberships, communities, events };
}

export const WORKED_SCOPES = ["A", "B", "global"] as const;
export const WORKED_DAYS = { from: "2025-03-10", to: "2025-03-12" } as const;

/** The documents of the worked example, as computed by hand. */
export function expectedDocuments<T extends object>(query: string, scope: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`expected/${query}.${scope}.json`, folder), "utf8"));
}
