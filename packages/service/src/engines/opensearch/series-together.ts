import type { RollupKind, RollupPart, RollupsOfBreakdown, RollupsTogether } from "../../engine/rollup-store.ts";
import type { FoundTogether, NumbersByBreakdown } from "./found-together.ts";
import { textField, type Hit } from "./hits.ts";
import { blobParts } from "./number-blobs.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import { blobsOf, checkpointOf, validBlobs } from "./valid-series.ts";

const MOST_REMEMBERED = 10_000;
/** The last one reads everything. */
const TRIES = 3;

type SeriesRequest = Omit<RollupsTogether, "kind"> & { readonly kind: RollupKind };

/** Holdings of several breakdowns. Checkpoints are rare: where the newest one of a series was is remembered, so that the next request reaches back as far. */
export class SeriesTogether {
  readonly #place: NumbersPlace;
  readonly #begins = new Map<string, number>();

  constructor(place: NumbersPlace) {
    this.#place = place;
  }

  /** One request, unless the newest checkpoint is older than the last time: then all is read again, so that everything is of one moment. */
  async read(asked: SeriesRequest): Promise<FoundTogether> {
    const earliest = asked.opening?.since ?? asked.from;
    for (let tries = 1; ; tries++) {
      const first = tries === TRIES ? earliest : this.#firstOf(asked, earliest);
      const { numbers, labelsWrite } = await this.#readFrom(first, asked);
      const begins = new Map(Array.from(numbers, ([name, found]) => [name, beginOf(found, earliest)]));
      if (asked.opening !== null) for (const [name, begin] of begins) this.#remember(keyOf(asked, name), begin);
      if (begins.values().every((begin) => begin >= first)) return { numbers: cut(numbers, begins), labelsWrite };
    }
  }

  /** As far back as was needed the last time. */
  #firstOf(asked: SeriesRequest, earliest: number): number {
    return Math.min(...asked.breakdowns.map((name) => this.#begins.get(keyOf(asked, name)) ?? earliest));
  }

  async #readFrom(first: number, { kind, scope, breakdowns, to, opening }: SeriesRequest): Promise<FoundTogether> {
    const years = blobsOf(kind, { scope, breakdowns, from: first, to });
    const sums = opening === null ? [] : [blobsOf(checkpointOf(kind), { scope, breakdowns, to: opening.year })];
    const { valid, labelsWrite } = await validBlobs(this.#place, { kind, scope }, [years, ...sums]);
    const [parts, checkpoints] = [partsOf(valid, kind), partsOf(valid, checkpointOf(kind))];
    const found = breakdowns.map((name): [string, RollupsOfBreakdown] => {
      return [name, { checkpoint: checkpoints.get(name)?.at(-1) ?? null, parts: parts.get(name) ?? [] }];
    });
    return { numbers: new Map(found), labelsWrite };
  }

  #remember(key: string, begin: number): void {
    if (this.#begins.size >= MOST_REMEMBERED) this.#begins.clear();
    this.#begins.set(key, begin);
  }
}

function beginOf({ checkpoint }: RollupsOfBreakdown, earliest: number): number {
  return checkpoint === null ? earliest : checkpoint.period + 1;
}

/** Without the parts that checkpoints hold already. */
function cut(numbers: NumbersByBreakdown, begins: ReadonlyMap<string, number>): NumbersByBreakdown {
  const whole = Array.from(numbers, ([name, { checkpoint, parts }]): [string, RollupsOfBreakdown] => {
    const begin = begins.get(name) ?? 0;
    return [name, { checkpoint, parts: parts.filter(({ period }) => period >= begin) }];
  });
  return new Map(whole);
}

function keyOf({ kind, scope, opening }: SeriesRequest, breakdown: string): string {
  return [kind, scope, opening?.year, opening?.since, breakdown].join("/");
}

function partsOf(hits: readonly Hit[], t: string): ReadonlyMap<string, readonly RollupPart[]> {
  const its = hits.filter((hit) => textField(hit, "t") === t);
  const byName = Array.from(Map.groupBy(its, (hit) => textField(hit, "kind")));
  return new Map(byName.map(([name, blobs]) => [name, blobParts(blobs)]));
}
