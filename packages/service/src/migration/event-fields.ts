import { createHash } from "node:crypto";
import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { eventFieldOf } from "@community-stats/contract/subcounts.ts";
import type { EnrichedField, Enrichment } from "../engine/event-indices.ts";

const DIGEST_CHARACTERS = 12;

/** What the breakdowns of use want in each event; those that the event answers itself (its country) add nothing. */
export function enrichmentOf(breakdowns: readonly Breakdown[]): Enrichment {
  const fields = breakdowns.flatMap(fieldOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const digest = createHash("sha256").update(JSON.stringify(fields)).digest("hex");
  return { configuration: digest.slice(0, DIGEST_CHARACTERS), fields };
}

function fieldOf({ name, usage, label, multiple }: Breakdown): readonly EnrichedField[] {
  if (usage === null || usage.from === "event") return [];
  const { sources } = usage;
  const common = { name: eventFieldOf(name), sources, label, multiple };
  if (usage.from === "file") return [{ ...common, kind: "fileTypes" }];
  return [{ ...common, kind: sources.some(({ id }) => id !== null) ? "entries" : "texts" }];
}
