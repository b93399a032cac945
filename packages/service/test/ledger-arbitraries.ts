import * as fc from "fast-check";
import { instant, type WorldRecord, type WorldSpan, type WorldState } from "./ledger-world.ts";

export const DAY = 86_400_000;
/** Everything begins here or later. */
export const START = instant("2023-12-30");

const moment = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 5 }).map((day) => START + day * DAY) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 24 * 5 }).map((hour) => START + (hour * DAY) / 24) },
  fc.integer({ min: 1, max: 4 }).map((day) => START + day * DAY - 0.001),
  fc.integer({ min: 0, max: 4 }).map((day) => START + day * 366 * DAY),
);

function alternating(moments: readonly number[]): WorldSpan[] {
  const sorted = [...new Set(moments)].toSorted((a, b) => a - b);
  const spans: WorldSpan[] = [];
  for (let at = 0; at < sorted.length; at += 2)
    spans.push({ open: sorted[at] ?? 0, close: sorted[at + 1] ?? Infinity });
  return spans;
}

const spans = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(moment, { maxLength: 4 }).map(alternating));

const file = fc.record({
  key: fc.constantFrom("a", "b"),
  bytes: fc.constantFrom(null, 0, 5, 7),
  checksum: fc.constantFrom("x", "y"),
});

const state: fc.Arbitrary<WorldState> = fc.record({
  from: moment,
  parent: fc.constantFrom("p1", "p2"),
  owner: fc.constantFrom("u1", "u2", null),
  withFiles: fc.boolean(),
  // The type follows from the file's identity: one file has one type.
  files: fc
    .uniqueArray(file, { maxLength: 3, selector: (one) => JSON.stringify(one) })
    .map((files) =>
      files.map((one) => (one.bytes === 7 ? one : { ...one, type: one.key + (one.bytes === 0 ? "0" : "") })),
    ),
  kinds: fc.uniqueArray(fc.constantFrom("k1", "k2", "k3"), { maxLength: 2 }),
});

/** A record in the communities A and B. */
export function record(changingParents: boolean): fc.Arbitrary<Omit<WorldRecord, "id">> {
  return fc.record({
    created: moment,
    published: fc.oneof(
      fc.constant(null),
      moment.map((at) => Math.floor(at / DAY)),
    ),
    states: fc
      .uniqueArray(state, { minLength: 1, maxLength: 4, selector: ({ from }) => from })
      .map((states) => states.toSorted((a, b) => a.from - b.from))
      .map((states) => states.map((one) => (changingParents ? one : { ...one, parent: states[0]?.parent ?? "p1" }))),
    deletions: spans,
    memberships: fc
      .tuple(spans, spans)
      .map(([a, b]) => [
        ...a.map((span) => ({ ...span, community: "A" })),
        ...b.map((span) => ({ ...span, community: "B" })),
      ]),
  });
}

export const worlds = fc
  .boolean()
  .chain((changing) => fc.array(record(changing), { minLength: 1, maxLength: 6 }))
  .map((records) => records.map((one, index): WorldRecord => ({ id: `r${index}`, ...one })));
