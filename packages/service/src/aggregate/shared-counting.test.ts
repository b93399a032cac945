import type { DayNumber } from "@community-stats/contract/days.ts";
import { expect, it } from "vitest";
import type { CountedDay, StagedUse } from "../engine/rollup-store.ts";
import type { SharedWork, WorkOutcome, WorkPiece } from "../engine/shared-work.ts";
import type { CountingPiece, PieceDay, PieceResult } from "./counting-piece.ts";
import { countShared } from "./shared-counting.ts";

const days = (...numbers: readonly number[]): readonly CountedDay[] =>
  numbers.map((day) => ({ day: day as DayNumber, eventVersion: day, recordSeq: 1 }));

/** What a queue answers to a piece; null for nothing yet. */
type Answer = (piece: CountingPiece, key: string) => WorkOutcome | null;

function done(piece: CountingPiece, key: string): WorkOutcome {
  const counted = piece.days.map(({ day }): PieceDay => ({ kind: "counted", day, scopes: [0] }));
  return { kind: "done", key, result: JSON.stringify({ attempt: 2, days: counted } satisfies PieceResult) };
}

/** Runs against a scripted queue. @returns the spans handed out, what became valid with which write, and the outcome. */
async function tried(all: readonly CountedDay[], answer: Answer, most = Number.POSITIVE_INFINITY) {
  const handedOut: string[] = [];
  const valid: string[] = [];
  let waiting: WorkPiece[] = [];
  let writes = 0;
  const staged: StagedUse = {
    places: async (_generation, its) => ({ write: 100 * ++writes, slots: its.map((day) => [day, 0]) }),
    stage: async () => undefined,
    validate: async (_generation, its, { places, attempt }) => {
      valid.push(`${its.map(({ day }) => day).join(" ")} @${places.write + attempt}`);
    },
  };
  const work: SharedWork = {
    open: async () => ({
      add: async (pieces) => {
        waiting.push(...pieces);
        for (const { data } of pieces) {
          const piece: CountingPiece = JSON.parse(data);
          handedOut.push(piece.days.map(({ day }) => day).join(" "));
        }
      },
      ended: async () => {
        const asked = waiting;
        waiting = [];
        return asked.flatMap(({ key, data }) => answer(JSON.parse(data), key) ?? []);
      },
      close: async () => undefined,
    }),
    serve: () => ({ close: async () => undefined }),
    standing: async () => ({ waiting: 0, active: 0, hands: 0, aside: [] }),
  };
  let rounds = 0;
  const outcome = await countShared({
    work,
    staged,
    generation: { id: 1, ruleVersion: "rules", live: true, rules: "{}" },
    recordSeq: 1,
    read: [],
    days: all,
    eventsOf: (day) => (day === 50 ? 600_000 : 1),
    pieceDays: 4,
    own: { count: async () => "" },
    mayGoOn: () => rounds++ < most,
    written: async () => undefined,
  });
  return { handedOut, valid, failed: outcome.failed.map(({ day, error }) => `${day}: ${error}`), stale: outcome.stale };
}

it("hands out neighbouring days, and a large day alone", async () => {
  const { handedOut, valid, failed } = await tried(days(1, 2, 3, 4, 50, 51), done);
  expect(handedOut).toEqual(["1 2 3", "4", "50", "51"]);
  expect(valid).toEqual(["1 2 3 @102", "4 @102", "50 @102", "51 @102"]);
  expect(failed).toEqual([]);
});

it("tries the days of a piece that was set aside one by one, and reports the one that fails again", async () => {
  const { handedOut, valid, failed } = await tried(days(1, 2, 3), (piece, key) => {
    const isBad = piece.days.some(({ day }) => day === 2);
    return isBad ? { kind: "aside", key, error: "ended whoever took it" } : done(piece, key);
  });
  expect(handedOut).toEqual(["1 2 3", "1", "2", "3"]);
  expect(valid).toEqual(["1 @202", "3 @202"]);
  expect(failed).toEqual(["2: ended whoever took it"]);
});

it("hands out again what the queue forgot, under a write of its own", async () => {
  let isForgotten = true;
  const { handedOut, valid } = await tried(days(1, 2), (piece, key) => {
    if (!isForgotten) return done(piece, key);
    isForgotten = false;
    return { kind: "lost", key };
  });
  expect(handedOut).toEqual(["1 2", "1 2"]);
  expect(valid).toEqual(["1 2 @202"]);
});

it("makes valid what was counted of a piece, and tells what was not", async () => {
  const { valid, failed, stale } = await tried(days(1, 2, 3), (_piece, key) => {
    const told: readonly PieceDay[] = [
      { kind: "counted", day: 1 as DayNumber, scopes: [0, 4] },
      { kind: "failed", day: 2 as DayNumber, error: "it cannot be read" },
      { kind: "stale", day: 3 as DayNumber },
    ];
    return { kind: "done", key, result: JSON.stringify({ attempt: 1, days: told } satisfies PieceResult) };
  });
  expect({ valid, failed, stale }).toEqual({ valid: ["1 @101"], failed: ["2: it cannot be read"], stale: [3] });
});

it("stops where it was told to, with days that nobody counted", async () => {
  const { valid } = await tried(days(1, 2), () => null, 3);
  expect(valid).toEqual([]);
});
