import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, isObject } from "./document.ts";
import { EventMemory } from "./event-bytes.ts";
import { EventColumns } from "./event-columns.ts";
import { EventReader } from "./events.ts";
import { hash128, hashAscii128 } from "./hash.ts";

const SEED = 20_251_024;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the fast reader makes of a line, or null where it refuses it. */
function fast(line: string, memory = new EventMemory()): unknown {
  const columns = new EventColumns(1, memory.terms);
  const bytes = encode(line);
  const end = memory.bytes.read(bytes, 0, columns);
  return end === -1 ? null : readable(columns);
}

/** What `JSON.parse` and the slow reader make of it. */
function slow(line: string): unknown {
  const columns = new EventColumns(1);
  const value = parseJson(line);
  if (!isObject(value)) return "no object";
  return new EventReader(columns).read(value) ?? readable(columns);
}

/** Columns with texts in place of codes. */
function readable(columns: EventColumns): unknown {
  const { dictionaries, ...batch } = columns.batch();
  const texts = Object.entries(dictionaries).map(([kind, list]) => [
    kind,
    list[batch[kind as keyof typeof dictionaries][0] ?? -1] ?? null,
  ]);
  return { ...batch, ...Object.fromEntries(texts) };
}

const view = {
  timestamp: "2025-03-10T12:30:59",
  recid: "abcde-12345",
  parent_recid: "p-12345",
  is_robot: false,
  is_machine: false,
  country: "DE",
  via_api: false,
  unique_id: "ui_abcde-12345",
  unique_session_id: "1d0b22b21fcc1ea12f3d149d64829350",
  visitor_id: "52fe26962dcbd45391a2ef106a7948160bc4be6f",
  updated_timestamp: "2025-03-10T12:31:00.123456+00:00",
  referrer: "https://search.example.org/results?q=secret",
  community_ids: ["c0ffee00-0000-4000-8000-000000000016", "b"],
};
const download = {
  ...view,
  community_ids: null,
  bucket_id: "b-1",
  file_id: "9f3c1d",
  file_key: "My paper.final.PDF",
  size: 12_345_678,
};
const wrapped = (source: object, kind = "record-view"): object => ({
  _index: `x-events-stats-${kind}-2025-03`,
  _id: "2025-03-10T12:30:59-f13fc6",
  _score: 1,
  _source: source,
});
const USUAL: readonly object[] = [
  wrapped(view),
  wrapped(download, "file-download"),
  { event: "record-view", ...view },
  { event: "file-download", ...download, size: 0, file_id: null },
  wrapped({ ...view, country: null, referrer: null, community_ids: [], is_machine: true, synthetic: true }),
  wrapped({ ...view, country: "", referrer: "", parent_recid: null, updated_timestamp: null, is_robot: true }),
  wrapped({ ...view, community_ids: ["global", "x"], note: "schön", number: 12 }),
];

/** Values that any field may hold, most of them odd. */
const ODD = [
  null,
  "",
  "x",
  "a b",
  "ä",
  'quo"te',
  "line\nfeed",
  "tab\t",
  "2025-02-30T00:00:00",
  "2025-03-10T12:30:59.5Z",
  "2025-03-10T12:30:59.1234567890",
  "2025-03-10 12:30:59",
  "2025-03-10T24:00:00",
  "2025-03-10",
  "2025-03-10T12:30:59.123456+02:00",
  "record-view",
  "file-download",
  "HTTPS://User@Example.ORG:8080/x",
  "archive.tar.gz",
  "noextension.",
  "x".repeat(1001),
  true,
  false,
  0,
  -1,
  7,
  1.5,
  1e20,
  900_719_925_474_099,
  9_007_199_254_740_991,
  [],
  ["a"],
  ["a", "global", ""],
  ["a", 5],
  [["a"]],
  {},
  { hits: 1 },
];

const line = fc
  .record({
    base: fc.constantFrom(view, download),
    changes: fc.dictionary(
      fc.constantFrom(...Object.keys(download), "event", "synthetic", "hits", "_index", "_source", "note", "__proto__"),
      fc.constantFrom(...ODD),
      { maxKeys: 3 },
    ),
    removed: fc.array(fc.constantFrom(...Object.keys(download)), { maxLength: 2 }),
    index: fc.constantFrom(null, "record-view", "file-download", "else"),
    beside: fc.dictionary(fc.constantFrom("event", "recid", "hits", "x"), fc.constantFrom(...ODD), { maxKeys: 1 }),
    indent: fc.constantFrom(0, 1),
  })
  .map(({ base, changes, removed, index, beside, indent }) => {
    const kept = Object.entries({ ...base, ...changes }).filter(([name]) => !removed.includes(name));
    const source = Object.fromEntries(kept);
    const document = index === null ? { event: "record-view", ...source } : { ...wrapped(source, index), ...beside };
    // Python writes a blank after every colon and comma.
    return indent === 0 ? JSON.stringify(document) : JSON.stringify(document, null, 1).replaceAll(/\n\s*/g, " ");
  });

describe("the fast reader of event lines", () => {
  it.each(USUAL.map((document) => JSON.stringify(document)))("takes the usual line %s", (text) => {
    expect(fast(text)).toEqual(slow(text));
    const spaced = JSON.stringify(parseJson(text), null, 1).replaceAll(/\n\s*/g, " ");
    expect(fast(`${spaced}\r\n{"the":"next"}`)).toEqual(slow(text));
  });

  it(`takes a line exactly as JSON.parse and the slow reader do, or refuses it (seed ${SEED})`, () => {
    let taken = 0;
    fc.assert(
      fc.property(line, (text) => {
        const found = fast(text);
        taken += found === null ? 0 : 1;
        expect([slow(text), null]).toContainEqual(found);
      }),
      { seed: SEED, numRuns: 4000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it(`never takes a damaged line for another (seed ${SEED})`, () => {
    const damage = fc.record({
      text: fc.constantFrom(...USUAL.map((document) => JSON.stringify(document))),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      by: fc.constantFrom(
        "",
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "0",
        "é",
        "\u0001",
        "\t",
        "e",
        ".",
        "-",
        '","',
      ),
      removed: fc.integer({ min: 0, max: 3 }),
    });
    const memory = new EventMemory();
    fc.assert(
      fc.property(damage, ({ text, at, by, removed }) => {
        const from = Math.floor(at * text.length);
        const damaged = text.slice(0, from) + by + text.slice(from + removed);
        expect([slow(damaged), null]).toContainEqual(fast(damaged, memory));
      }),
      { seed: SEED, numRuns: 6000 },
    );
  });

  it.each([
    ["a field given twice", '{"event":"record-view","event":"file-download"'],
    ["a field beside the source", '{"recid":"x","_source":{}'],
    ["an escape", '{"event":"record-view","country":"\\u0044E"'],
  ])("refuses %s", (_, start) => {
    expect(fast(`${start},${JSON.stringify(view).slice(1)}`)).toBeNull();
  });

  it("tells where the line ends", () => {
    const text = `${JSON.stringify(wrapped(view))}\n`;
    const bytes = encode(text + text);
    const memory = new EventMemory();
    const columns = new EventColumns(2, memory.terms);
    expect(memory.bytes.read(bytes, 0, columns)).toBe(text.length - 1);
    expect(memory.bytes.read(bytes, text.length, columns)).toBe(2 * text.length - 1);
    expect(columns.count).toBe(2);
  });
});

describe("the hash of ASCII bytes", () => {
  it(`is the hash of the text (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 40 }), fc.nat(), (text, seed) => {
        const [one, other] = [Uint32Array.of(seed, 2, 3, 4), Uint32Array.of(seed, 2, 3, 4)];
        hash128(text, one);
        hashAscii128(encode(`..${text}...`), { from: 2, to: 2 + text.length }, other);
        expect(other).toEqual(one);
      }),
      { seed: SEED },
    );
  });
});
