import { type Day, dayFromNumber, dayNumber } from "@community-stats/contract/days.ts";
import type { StatsDocument } from "@community-stats/contract/documents.ts";
import type { NamedQuery } from "@community-stats/contract/queries.ts";
import { firstDayOfYear, yearOfDay } from "../domain/periods.ts";
import type { PublishedDocument } from "../engine/document-publisher.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import type { Queries } from "../query/queries.ts";
import { liveGeneration, rollupKind } from "../query/reading.ts";
import { OPERATOR } from "../query/scopes.ts";
import { type ChangedFrom, EVERYTHING } from "./publication-state.ts";
import { readAhead } from "./read-ahead.ts";

/** Years of scopes whose numbers are being read while others are written: as many are in memory, and the one that is written. */
const AHEAD = 2;

export interface PublishedScope {
  readonly id: string;
  /** In rollups. */
  readonly code: number;
}
/** Which documents are looked at. */
export interface WantedDocuments {
  readonly from: Day | null;
  readonly to: Day | null;
  /** Last day that has documents; negative infinity where none has. */
  readonly last: number;
  readonly changed: ChangedFrom;
  readonly scopes: readonly PublishedScope[];
}
export interface DocumentSource {
  readonly queries: Queries;
  readonly rollups: RollupStore;
  readonly wanted: WantedDocuments;
  readonly signal: AbortSignal;
}

/** A year of a scope, or what is wanted of it. */
interface Piece {
  readonly community_id: string;
  readonly start_date: Day;
  readonly end_date: Day;
}

/** The documents of a query, by scope, ascending by day. */
export async function* publishedDocuments(
  query: NamedQuery,
  source: DocumentSource,
): AsyncGenerator<PublishedDocument> {
  const { queries, signal } = source;
  const pieces = await piecesOf(query, source);
  const readings = pieces.map((piece) => async () => {
    const result = await queries.run(await queries.plan(query.name, { ...piece }, OPERATOR), signal);
    if (result.form !== "documents") throw new Error(`${query.name} gave ${result.form}`);
    return result.documents;
  });
  for await (const documents of readAhead(readings, AHEAD)) {
    for (const document of documents) yield published(document);
  }
}

async function piecesOf({ side, basis }: NamedQuery, { rollups, wanted }: DocumentSource): Promise<readonly Piece[]> {
  const live = await liveGeneration(rollups);
  if (live === null) return [];
  const kind = rollupKind(side ?? "usage", basis ?? "added");
  const firstDays = new Map((await rollups.firstDays(live.id, kind)).map(({ scope, day }) => [scope, day]));
  const { changed, scopes, from, to, last } = wanted;
  const begin = (code: number): number | undefined => {
    const change = kind === "usage" ? changed.use : changed.holdings(code);
    if (change !== EVERYTHING) return change;
    return from === null ? firstDays.get(code) : dayNumber(from);
  };
  const repository = Math.min(...firstDays.values());
  const end = Math.min(last, to === null ? last : dayNumber(to));
  return scopes.flatMap(({ id, code }) => {
    const first = Math.max(begin(code) ?? Number.POSITIVE_INFINITY, repository);
    return Array.from(years(first, end), (span): Piece => ({ community_id: id, ...span }));
  });
}

/** The range, cut at the ends of years. */
function* years(first: number, last: number): Generator<Pick<Piece, "start_date" | "end_date">> {
  for (let from = first; from <= last;) {
    const next = firstDayOfYear(yearOfDay(from) + 1);
    yield { start_date: dayFromNumber(from), end_date: dayFromNumber(Math.min(last, next - 1)) };
    from = next;
  }
}

function published(document: StatsDocument): PublishedDocument {
  const day = ("snapshot_date" in document ? document.snapshot_date : document.period_start).slice(0, 10);
  return { id: `${document.community_id}-${day}`, year: Number(day.slice(0, 4)), source: document };
}
