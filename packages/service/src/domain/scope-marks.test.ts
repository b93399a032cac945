import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { record, START, worlds } from "../../test/ledger-arbitraries.ts";
import { worldOf, type World, type WorldFile, type WorldRecord } from "../../test/ledger-world.ts";
import { Ledger, type LedgerScope } from "./ledger.ts";
import { scopeMarks } from "./scope-marks.ts";

const COMMUNITIES = ["A", "B"] as const;

/** Stands first in every world and names everything there is, so that codes are the same in all of them. */
const DICTIONARY: WorldRecord = {
  id: "all",
  created: START,
  published: null,
  states: ["p1", "p2"].map((parent, index) => ({
    from: START + index,
    parent,
    owner: `u${index + 1}`,
    withFiles: true,
    files: ["a", "a0", "b", "b0"].map((type) => ({ key: type, bytes: 1, type })),
    kinds: ["k1", "k2", "k3"],
  })),
  deletions: [],
  memberships: COMMUNITIES.map((community) => ({ community, open: START, close: Infinity })),
};

function world(records: readonly WorldRecord[]): World {
  return worldOf([DICTIONARY, ...records]);
}

function scopesOf({ communities }: World): readonly LedgerScope[] {
  return [{ kind: "global" }, ...communities.map((_, code) => ({ kind: "community", code }) as const)];
}

function markOf({ history }: World, scope: LedgerScope): string | undefined {
  const { global, communities } = scopeMarks(history);
  return scope.kind === "global" ? global : communities[scope.code];
}

function booksOf({ history }: World, scope: LedgerScope): unknown {
  const ledger = new Ledger(history);
  return ledger.bases(scope).map((bases) => ({ bases, book: ledger.book(scope, bases[0]) }));
}

const OF_RECORD = ["created", "published", "states", "deletions", "memberships"] as const;
const OF_STATE = ["from", "parent", "owner", "withFiles", "files", "kinds"] as const;
type Part = (typeof OF_RECORD)[number] | (typeof OF_STATE)[number];

/** The record with one part of another. */
function withPart(one: WorldRecord, other: Omit<WorldRecord, "id">, part: Part): WorldRecord {
  if (isOfRecord(part)) return { ...one, [part]: other[part] };
  const [last, from] = [one.states.at(-1), other.states.at(-1)];
  if (last === undefined || from === undefined) return one;
  const changed = { ...last, [part]: from[part] };
  return { ...one, states: [...one.states.slice(0, -1).filter((state) => state.from < changed.from), changed] };
}

function isOfRecord(part: Part): part is (typeof OF_RECORD)[number] {
  return OF_RECORD.some((name) => name === part);
}

const changes = fc
  .tuple(worlds, fc.boolean().chain(record), fc.constantFrom<Part>(...OF_RECORD, ...OF_STATE), fc.nat())
  .map(([records, other, part, at]) => {
    const index = at % records.length;
    const changed = records.map((one, place) => (place === index ? withPart(one, other, part) : one));
    return { before: world(records), after: world(changed), records: [records[index], changed[index]] };
  });

describe("marks of scopes", () => {
  it("are others where books are others", () => {
    fc.assert(
      fc.property(changes, ({ before, after }) => {
        for (const scope of scopesOf(before)) {
          if (markOf(before, scope) !== markOf(after, scope)) continue;
          expect(booksOf(after, scope)).toEqual(booksOf(before, scope));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("stay as they are in communities that a change does not concern", () => {
    fc.assert(
      fc.property(changes, ({ before, after, records }) => {
        const concerned = new Set(records.flatMap((one) => one?.memberships.map(({ community }) => community) ?? []));
        const untouched = [...COMMUNITIES.keys()].filter((code) => !concerned.has(COMMUNITIES[code] ?? ""));
        const marks = (of: World) => untouched.map((code) => markOf(of, { kind: "community", code }));
        expect(marks(after)).toEqual(marks(before));
      }),
    );
  });

  it.each([
    ["bytes", { bytes: 6 }],
    ["checksum", { checksum: "y" }],
    ["type", { type: "b" }],
  ])("see the %s of a file", (_, change) => {
    const file = { key: "a", bytes: 5, checksum: "x", type: "a" };
    const edited = (files: readonly WorldFile[]): World => {
      const [first] = DICTIONARY.states;
      const states =
        first === undefined
          ? []
          : [
              { ...first, files: [file] },
              { ...first, from: START + 1, files },
            ];
      return world([{ ...DICTIONARY, id: "r", states }]);
    };
    const scope = { kind: "global" } as const;
    expect(markOf(edited([{ ...file, ...change }]), scope)).not.toBe(markOf(edited([file]), scope));
  });
});
