import type {
  RollupBlob,
  RollupPart,
  RollupRange,
  RollupsOfBreakdown,
  RollupsTogether,
  UseSinceCheckpoint,
} from "../../engine/rollup-store.ts";
import { bulk } from "./bulk.ts";
import { firstDayOfYear } from "../../domain/periods.ts";
import { numberField, pages, textField, type Hit } from "./hits.ts";
import { BLOB_FIELDS, blobParts, blobWrites, takenBlob } from "./number-blobs.ts";
import { completed, type FoundTogether } from "./found-together.ts";
import { LABELS_HEAD, labelsWriteOf } from "./labels.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import type { Json } from "./requests.ts";
import { breakdownField } from "./templates.ts";
import type { UseNumbers } from "./use-numbers.ts";
import { checkpointOf } from "./valid-series.ts";
import { columnOf, type YearWrite } from "./valid-use.ts";

const PAGE = 100;

/** Sums of use up to the ends of years. One is valid while no day of its year or before was written after it. */
export class UseCheckpoints {
  readonly #place: NumbersPlace;
  readonly #use: UseNumbers;

  constructor(place: NumbersPlace, use: UseNumbers) {
    this.#place = place;
    this.#use = use;
  }

  async write(blobs: readonly RollupBlob[]): Promise<void> {
    const { requests, index, nextWrite, wrote } = this.#place;
    const write = await nextWrite();
    const at = (blob: RollupBlob) => ({ t: checkpointOf(blob.kind), slot: 0, write });
    await bulk(
      requests,
      index,
      blobs.flatMap((blob) => Array.from(blobWrites(blob, at(blob)))),
    );
    wrote();
  }

  /** Takes those of breakdowns out of another generation, under names of their own. */
  async take(from: UseCheckpoints, columns: ReadonlyMap<string, string>): Promise<void> {
    const { requests, index, seen } = from.#place;
    await seen();
    const filter = [{ term: { t: checkpointOf("usage") } }, { terms: { kind: [...columns.keys()] } }];
    const body = {
      query: { bool: { filter } },
      sort: ["scope", "kind", "period", "part"].map((field) => ({ [field]: "asc" })),
      stored_fields: "_none_",
      docvalue_fields: ["scope", "kind", ...BLOB_FIELDS],
    };
    const writes = await from.#use.newestWritesByYear(LAST_YEAR);
    const write = await this.#place.nextWrite();
    for await (const hits of pages(requests, { index, body, pageSize: PAGE })) {
      const valid = hits.filter((hit) => isValid(hit, writes));
      await bulk(
        this.#place.requests,
        this.#place.index,
        valid.map((hit) => takenBlob(hit, { t: checkpointOf("usage"), columns, write, slot: 0 })),
      );
    }
    this.#place.wrote();
  }

  /** Days, and the newest checkpoint: one request, unless that is of an earlier year than asked for. */
  async read({ scope, breakdowns, from, to, opening }: RollupsTogether): Promise<FoundTogether> {
    const first = opening === null ? from : Math.max(opening.since, firstDayOfYear(opening.year + 1));
    const filter = [{ term: { t: "usage" } }, { term: { scope } }];
    const wanted = opening === null ? [] : [checkpoints({ scope, breakdowns, lastYear: opening.year })];
    const use = await this.#use.valid.find({
      filter,
      fields: [...breakdowns.map(breakdownField), ...(opening === null ? [] : CHECKPOINT_FIELDS)],
      from: first,
      to,
      beside: [...wanted, LABELS_HEAD],
      allYears: opening !== null,
    });
    const newest = newestByName(use.beside.filter(isCheckpoint), use.years);
    const found = breakdowns.map((name): [string, RollupsOfBreakdown] => {
      return [name, { checkpoint: newest.get(name) ?? null, parts: columnOf(use, breakdownField(name)) }];
    });
    const begin = ({ checkpoint }: RollupsOfBreakdown): number => {
      return checkpoint === null ? (opening?.since ?? from) : firstDayOfYear(checkpoint.period + 1);
    };
    const numbers = await completed(new Map(found), { first, begin }, async (names, since) => {
      return await this.#use.columns({ scope, breakdowns: names, from: since, to: first - 1 });
    });
    return { numbers, labelsWrite: labelsWriteOf(use.beside) };
  }

  /** One request where nothing is behind, else two, however many breakdowns there are. */
  async since({ scope, breakdowns, lastYear }: SinceRequest): Promise<ReadonlyMap<string, UseSinceCheckpoint>> {
    const newest = await this.#newestOf({ scope, breakdowns, lastYear });
    const behind = breakdowns.filter((name) => newest.get(name)?.period !== lastYear);
    const starts = behind.map((name) => dayAfter(newest.get(name)));
    const range = { from: Math.min(...starts), to: firstDayOfYear(lastYear + 1) - 1 };
    const days = behind.length === 0 ? NO_DAYS : await this.#use.columns({ scope, breakdowns: behind, ...range });
    return new Map(
      breakdowns.map((name) => {
        const checkpoint = newest.get(name);
        const after = (days.get(name) ?? []).filter(({ period }) => period >= dayAfter(checkpoint));
        return [name, { checkpoint: checkpoint ?? null, days: after }];
      }),
    );
  }

  async #newestOf(of: SinceRequest): Promise<ReadonlyMap<string, RollupPart>> {
    const lastDay = firstDayOfYear(of.lastYear + 1) - 1;
    const { beside, years } = await this.#use.valid.find({
      filter: [{ match_none: {} }],
      fields: CHECKPOINT_FIELDS,
      from: lastDay,
      to: lastDay,
      beside: [checkpoints(of)],
      allYears: true,
    });
    return newestByName(beside, years);
  }

  async newest({ kind, scope, breakdown }: Omit<RollupRange, "from" | "to">, year: number): Promise<RollupPart | null> {
    // The use of single records has no sums.
    if (kind !== "usage") return null;
    return (await this.#newestOf({ scope, breakdowns: [breakdown], lastYear: year })).get(breakdown) ?? null;
  }
}

export interface SinceRequest {
  readonly scope: number;
  readonly breakdowns: readonly string[];
  readonly lastYear: number;
}

const LAST_YEAR = 9999;
const EARLIEST = -10_000_000;
const NO_DAYS: ReadonlyMap<string, readonly RollupPart[]> = new Map();

function dayAfter(checkpoint: RollupPart | undefined): number {
  return checkpoint === undefined ? EARLIEST : firstDayOfYear(checkpoint.period + 1);
}

const CHECKPOINT_FIELDS = ["kind", "part", "data"];

function checkpoints({ scope, breakdowns, lastYear }: SinceRequest): Json {
  return {
    bool: {
      filter: [
        { term: { t: checkpointOf("usage") } },
        { term: { scope } },
        { terms: { kind: breakdowns } },
        { range: { period: { lte: lastYear } } },
      ],
    },
  };
}

function isCheckpoint(hit: Hit): boolean {
  return textField(hit, "t") === checkpointOf("usage");
}

/** The newest valid checkpoint of each breakdown. @param hits ascending by period and part within a breakdown. */
function newestByName(hits: readonly Hit[], years: readonly YearWrite[]): ReadonlyMap<string, RollupPart> {
  const newest = new Map<string, RollupPart>();
  const valid = hits.filter((hit) => isValid(hit, years));
  for (const [name, its] of Map.groupBy(valid, (hit) => textField(hit, "kind"))) {
    const part = blobParts(its).at(-1);
    if (part !== undefined) newest.set(name, part);
  }
  return newest;
}

function isValid(hit: Hit, writes: readonly YearWrite[]): boolean {
  const [period, its] = [numberField(hit, "period"), numberField(hit, "w")];
  return writes.every(([of, write]) => of > period || write < its);
}
