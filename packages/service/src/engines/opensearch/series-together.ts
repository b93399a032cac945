import type { RollupKind, RollupPart, RollupsOfBreakdown, RollupsTogether } from "../../engine/rollup-store.ts";
import { completed, type FoundTogether } from "./found-together.ts";
import { textField, type Hit } from "./hits.ts";
import { blobParts } from "./number-blobs.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import { blobsOf, checkpointOf, validBlobs } from "./valid-series.ts";

const MOST_REMEMBERED = 10_000;

type SeriesRequest = Omit<RollupsTogether, "kind"> & { readonly kind: RollupKind };

/** Holdings of several breakdowns. Checkpoints are rare: where the newest one of a series was is remembered, so that the next request reaches back as far. */
export class SeriesTogether {
  readonly #place: NumbersPlace;
  readonly #begins = new Map<string, number>();

  constructor(place: NumbersPlace) {
    this.#place = place;
  }

  /** One request, unless the newest checkpoint is older than the last time. */
  async read(asked: SeriesRequest): Promise<FoundTogether> {
    const { kind, scope, breakdowns, from, to, opening } = asked;
    const since = opening?.since ?? from;
    const first = Math.min(...breakdowns.map((name) => this.#begins.get(keyOf(asked, name)) ?? since));
    const years = blobsOf(kind, { scope, breakdowns, from: first, to });
    const sums = opening === null ? [] : [blobsOf(checkpointOf(kind), { scope, breakdowns, to: opening.year })];
    const { valid, labelsWrite } = await validBlobs(this.#place, asked, [years, ...sums]);
    const [parts, checkpoints] = [partsOf(valid, kind), partsOf(valid, checkpointOf(kind))];
    const found = breakdowns.map((name): [string, RollupsOfBreakdown] => {
      return [name, { checkpoint: checkpoints.get(name)?.at(-1) ?? null, parts: parts.get(name) ?? [] }];
    });
    const begin = ({ checkpoint }: RollupsOfBreakdown): number => {
      return checkpoint === null ? since : checkpoint.period + 1;
    };
    if (opening !== null) for (const [name, numbers] of found) this.#remember(keyOf(asked, name), begin(numbers));
    const numbers = await completed(new Map(found), { first, begin }, async (names, earliest) => {
      const earlier = blobsOf(kind, { scope, breakdowns: names, from: earliest, to: first - 1 });
      return partsOf((await validBlobs(this.#place, asked, [earlier])).valid, kind);
    });
    return { numbers, labelsWrite };
  }

  #remember(key: string, begin: number): void {
    if (this.#begins.size >= MOST_REMEMBERED) this.#begins.clear();
    this.#begins.set(key, begin);
  }
}

function keyOf({ kind, scope, opening }: SeriesRequest, breakdown: string): string {
  return [kind, scope, opening?.year, opening?.since, breakdown].join("/");
}

function partsOf(hits: readonly Hit[], t: string): ReadonlyMap<string, readonly RollupPart[]> {
  const its = hits.filter((hit) => textField(hit, "t") === t);
  const byName = Array.from(Map.groupBy(its, (hit) => textField(hit, "kind")));
  return new Map(byName.map(([name, blobs]) => [name, blobParts(blobs)]));
}
