import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import type { Instant } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import { recordAt } from "../domain/record-history.ts";
import type { EventBatch, RecordLine } from "../engine/facts.ts";
import { createRows } from "../engine/event-rows.ts";
import { openMemory } from "../engines/memory/open.ts";
import { buildHistory } from "./history.ts";
import { savedHistory, saveHistory } from "./saved-history.ts";
import { extractDefinition, valuePlans } from "./value-columns.ts";

const plans = valuePlans(DEFAULT_BREAKDOWNS);

function line(record: string, communities: readonly string[]): RecordLine {
  return {
    record,
    parent: `parent of ${record}`,
    created: 0 as Instant,
    updated: 5 as Instant,
    deleted: false,
    removed: null,
    owner: "someone",
    published: null,
    filesEnabled: true,
    files: [{ key: "a.pdf", type: "pdf", bytes: 5, checksum: null }],
    communities,
    source: JSON.stringify({ metadata: { languages: [{ id: "deu" }, { id: "eng" }] } }),
    generated: false,
  };
}

/** One view of each record, in this order: facts number the records so. */
function views(...records: readonly string[]): EventBatch {
  const rows = { ...createRows(records.length), communitySet: new Int32Array(records.length).fill(-1) };
  rows.record.set(records.map((_, code) => code));
  rows.id.set(Array.from({ length: 4 * records.length }, (_, word) => word + 1));
  for (const column of [rows.parent, rows.country, rows.referrer, rows.fileType]) column.fill(-1);
  const none = { parent: [], country: [], referrer: [], fileType: [], communitySet: [] };
  return { ...rows, dictionaries: { record: records, ...none } };
}

async function kept() {
  const { facts, rollups } = openMemory({ clock: () => 0 });
  await facts.append({ records: [line("a", ["x"]), line("b", ["y", "x"]), line("c", [])], events: views("b") });
  const place = { facts, rollups, plans };
  const built = await buildHistory({ facts, rollups, breakdowns: DEFAULT_BREAKDOWNS, workers: 1 });
  await saveHistory(place, built.history, built);
  return { ...place, built };
}

describe("a kept history", () => {
  it("is the same as the one that was read", async () => {
    const { built, ...place } = await kept();
    expect(await savedHistory(place, built.recordSeq)).toEqual(built.history);
  });

  it("has its columns once only", async () => {
    const { built, rollups } = await kept();
    const { recordSeq, terms } = built;
    const name = `history 1 ${extractDefinition(plans)}`;
    const head: object = JSON.parse(new TextDecoder().decode((await rollups.extracts(name)).get(0)));
    expect(head).toMatchObject({ recordSeq, terms, records: 3, states: 3 });
    expect(head).not.toHaveProperty("history");
  });

  it("is none for other record facts or breakdowns", async () => {
    const { built, ...place } = await kept();
    expect(await savedHistory(place, built.recordSeq + 1)).toBeNull();
    expect(await savedHistory({ ...place, plans: plans.slice(1) }, built.recordSeq)).toBeNull();
  });

  it("is none when a column of it is not the one that was written", async () => {
    const { built, ...place } = await kept();
    const { rollups } = place;
    const broken: typeof rollups = Object.create(rollups, {
      extracts: {
        value: async (definition: string) =>
          new Map(
            [...(await rollups.extracts(definition))].map(([at, data]) => [at, at === 4 ? data.map(() => 7) : data]),
          ),
      },
    });
    expect(await savedHistory({ ...place, rollups: broken }, built.recordSeq)).toBeNull();
  });

  it("follows the facts where they number a record that they had no number for", async () => {
    const { built, ...place } = await kept();
    await place.facts.append({ events: views("unknown", "c", "b") });
    const saved = await savedHistory(place, built.recordSeq);
    const fresh = (await buildHistory({ ...place, breakdowns: DEFAULT_BREAKDOWNS, workers: 1 })).history;
    const terms = await place.facts.terms("record");
    expect(terms).toEqual(["b", "unknown", "c"]);
    for (const code of terms.keys()) expect(recordAt(saved ?? built.history, code)).toBe(recordAt(fresh, code));
    expect(saved?.records.code.toSorted()).toEqual(fresh.records.code.toSorted());
    const names = (history: typeof fresh) =>
      Array.from(history.memberships.community, (code) => history.communities[code]).toSorted();
    expect(saved === null ? [] : names(saved)).toEqual(names(fresh));
  });
});
