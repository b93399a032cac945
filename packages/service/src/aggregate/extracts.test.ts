import { DEFAULT_BREAKDOWNS, type Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Instant } from "@community-stats/contract/days.ts";
import { beforeEach, describe, expect, it } from "vitest";
import type { FileFact, StoredRecordLine } from "../engine/facts.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import { openMemory } from "../engines/memory/open.ts";
import { Extracts, readExtract } from "./extracts.ts";
import { LocalSourceReading } from "./source-thread.ts";
import { extractDefinition, valuePlans } from "./value-columns.ts";

const breakdown = (name: string): Breakdown => {
  const found = DEFAULT_BREAKDOWNS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no breakdown ${name}`);
  return found;
};
const PLANS = valuePlans([breakdown("resource_types"), breakdown("subjects"), breakdown("file_types")]);
const NAMES = PLANS.map(({ breakdown: name }) => name);

let rollups: RollupStore;
/** How often a line's source was asked for. */
let asked: number;

beforeEach(() => {
  rollups = openMemory({ clock: Date.now }).rollups;
  asked = 0;
});

function lineOf(seq: number, metadata: object, types: readonly (string | null)[] = []): StoredRecordLine {
  const files = types.map((type, index): FileFact => ({ key: `f${index}`, type, bytes: 1, checksum: null }));
  return {
    seq,
    record: `r${seq}`,
    parent: `p${seq}`,
    created: 0 as Instant,
    updated: 0 as Instant,
    deleted: false,
    removed: null,
    owner: null,
    published: null,
    filesEnabled: files.length > 0,
    files,
    communities: [],
    generated: false,
    source: () => {
      asked++;
      return JSON.stringify({ metadata });
    },
  };
}

/** What an extract says, as texts: [breakdown, value, label]. */
async function textsOf(data: Uint8Array | undefined, plans = PLANS): Promise<readonly (readonly (string | null)[])[]> {
  const labels = await rollups.terms("label");
  const values = new Map<string, readonly string[]>();
  for (const { breakdown: name } of plans) values.set(name, await rollups.terms(`value:${name}`));
  const found: (readonly (string | null)[])[] = [];
  readExtract(data ?? new Uint8Array(0), plans.length, (column, value, label) => {
    const name = plans[column]?.breakdown ?? "";
    found.push([name, values.get(name)?.[value] ?? null, label < 0 ? null : (labels[label] ?? "")]);
  });
  return found;
}

const openExtracts = async (plans = PLANS): Promise<Extracts> => {
  return await Extracts.open({ rollups, plans, reading: new LocalSourceReading(plans) });
};
const extracted = async (extracts: Extracts, lines: readonly StoredRecordLine[]): Promise<readonly Uint8Array[]> => {
  return await extracts.pack(await extracts.read(lines));
};

async function extractOf(line: StoredRecordLine): Promise<readonly (readonly (string | null)[])[]> {
  const extracts = await openExtracts();
  const [data] = await extracted(extracts, [line]);
  return textsOf(data);
}

describe("extracts", () => {
  it("hold values and labels as the record has them", async () => {
    const line = lineOf(1, {
      resource_type: { id: "dataset", title: { en: "Dataset", de: "Datensatz" } },
      subjects: [
        { id: "s1", subject: "Physics" },
        { id: "s2", subject: "Optics" },
      ],
    });
    expect(await extractOf(line)).toEqual([
      ["resource_types", "dataset", '{"en":"Dataset","de":"Datensatz"}'],
      ["subjects", "s1", '"Physics"'],
      ["subjects", "s2", '"Optics"'],
    ]);
  });

  it("hold no label where an object is expected and the record has a text (T11, T9.1 decision 15)", async () => {
    expect(await extractOf(lineOf(1, { resource_type: { id: "dataset", title: "Dataset" } }))).toEqual([
      ["resource_types", "dataset", null],
    ]);
  });

  it("hold no label where a text is expected and the record has an object, nothing, or nothing in it", async () => {
    const subjects = [{ id: "s1", subject: { en: "Physics" } }, { id: "s2" }, { id: "s3", subject: "" }];
    expect(await extractOf(lineOf(1, { subjects }))).toEqual([
      ["subjects", "s1", null],
      ["subjects", "s2", null],
      ["subjects", "s3", null],
    ]);
  });

  it("leave out what has no id, and a repeated value after its first time (T9.1 decision 9)", async () => {
    const subjects = [{ subject: "free" }, { id: "s1", subject: "Physics" }, { id: "s1", subject: "physics" }];
    expect(await extractOf(lineOf(1, { subjects }))).toEqual([["subjects", "s1", '"Physics"']]);
  });

  it("take texts for values that every object inherits", async () => {
    const subjects = [{ id: "__proto__" }, { id: "constructor" }];
    expect((await extractOf(lineOf(1, { subjects }))).map(([, id]) => id)).toEqual(["__proto__", "constructor"]);
  });

  it("give the types of files codes, without holding them", async () => {
    const extracts = await openExtracts();
    const [data] = await extracted(extracts, [lineOf(1, {}, ["pdf", null, "", "csv"])]);
    expect(await textsOf(data)).toEqual([]);
    const column = NAMES.indexOf("file_types");
    const terms = await rollups.terms("value:file_types");
    expect(terms).toEqual(["", "pdf", "csv"]);
    expect(["pdf", "csv"].map((type) => terms[extracts.code(column, type)])).toEqual(["pdf", "csv"]);
  });

  it("give the value that is not stated the first code of every breakdown", async () => {
    const extracts = await openExtracts();
    expect(NAMES.map((_, column) => extracts.notStated(column))).toEqual(NAMES.map(() => 0));
  });

  it("know no code for a text that no line had", async () => {
    const extracts = await openExtracts();
    expect(() => extracts.code(0, "software")).toThrow(/software/);
  });

  it("are made once: a later run does not read the source again", async () => {
    const line = lineOf(7, { subjects: [{ id: "s1", subject: "Physics" }] });
    const first = await extractOf(line);
    expect(asked).toBe(1);
    expect(await extractOf(line)).toEqual(first);
    expect(asked).toBe(1);
  });

  it("are made anew when a breakdown reads other fields", async () => {
    const line = lineOf(7, { subjects: [{ id: "s1", subject: "Physics" }] });
    await extractOf(line);
    const other = valuePlans([{ ...breakdown("subjects"), label: "none" }]);
    const [data] = await extracted(await openExtracts(other), [line]);
    expect(await textsOf(data, other)).toEqual([["subjects", "s1", null]]);
    expect(asked).toBe(2);
    expect(extractDefinition(other)).not.toBe(extractDefinition(PLANS));
  });
});
