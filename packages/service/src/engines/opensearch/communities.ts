import { createHash } from "node:crypto";
import { z } from "zod";
import type { AppendCount, CommunityLine } from "../../engine/facts.ts";
import { compareCodePoints } from "../../domain/code-points.ts";
import { replacesCommunity } from "../../engine/record-identity.ts";
import { BriefMemory } from "./brief-memory.ts";
import { changeDocument, getDocuments } from "./documents.ts";
import { allHits } from "./hits.ts";
import type { IndexNames } from "./names.ts";
import type { Json, Requests } from "./requests.ts";

const PAGE = 1000;

/** The newest line of each community, one document per community. */
export class CommunityFacts {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #memory = new BriefMemory();
  #known: KnownLines | null = null;
  /** What others write shows by itself within a second; what this process wrote must show at once. */
  #hasUnseen = true;

  constructor(requests: Requests, names: IndexNames) {
    this.#requests = requests;
    this.#index = names.facts;
  }

  async append(lines: readonly CommunityLine[]): Promise<AppendCount> {
    let accepted = 0;
    for (const line of lines) {
      const at = { index: this.#index, id: idOf(line.id) };
      const written = await changeDocument(this.#requests, at, (source) => {
        if (source !== null && !replacesCommunity(line, lineOf(source))) return null;
        return { t: "community", kind: line.id, line };
      });
      if (written !== null) accepted++;
    }
    this.#memory.forget();
    this.#hasUnseen = true;
    return { accepted, known: lines.length - accepted, superseded: 0 };
  }

  async preview(lines: readonly CommunityLine[]): Promise<AppendCount> {
    const found = await getDocuments(
      this.#requests,
      this.#index,
      lines.map(({ id }) => idOf(id)),
    );
    const known = new Map<string, CommunityLine>();
    for (const document of found) if (document !== null) known.set(lineOf(document.source).id, lineOf(document.source));
    let accepted = 0;
    for (const line of lines) {
      const before = known.get(line.id);
      if (before !== undefined && !replacesCommunity(line, before)) continue;
      known.set(line.id, line);
      accepted++;
    }
    return { accepted, known: lines.length - accepted, superseded: 0 };
  }

  /** Every answer asks who may be told of. */
  async all(): Promise<readonly CommunityLine[]> {
    return await this.#memory.of("all", () => this.#read());
  }

  async #read(): Promise<readonly CommunityLine[]> {
    if (this.#hasUnseen) {
      this.#hasUnseen = false;
      await this.#requests.refresh(this.#index);
    }
    // Looked at first: what is written in between is read now, and once more.
    const mark = await this.#mark();
    const [known, now] = [this.#known, performance.now()];
    if (known?.mark === mark && now - known.since < KNOWN_MS) return known.lines;
    const lines = await this.#readAll();
    this.#known = { mark, since: now, lines };
    return lines;
  }

  /** Differs after every change: a line that is written again gets a greater number, and none is ever removed. */
  async #mark(): Promise<string> {
    const body = { size: 0, track_total_hits: true, query: LINES, aggs: { numbers: { sum: { field: "_seq_no" } } } };
    const { hits, aggregations } = markSchema.parse(await this.#requests.search(this.#index, body));
    return `${hits.total.value} ${aggregations.numbers.value}`;
  }

  /** Slow among the large documents of events: each small one is unpacked with its neighbours. */
  async #readAll(): Promise<readonly CommunityLine[]> {
    const body = { query: LINES, sort: [{ kind: "asc" }] };
    const hits = await allHits(this.#requests, { index: this.#index, body, pageSize: PAGE });
    return hits.map(({ source }) => lineOf(source)).toSorted((a, b) => compareCodePoints(a.id, b.id));
  }
}

/** An index that was removed and filled again can come to the same numbers. */
const KNOWN_MS = 60_000;

interface KnownLines {
  readonly mark: string;
  readonly since: number;
  readonly lines: readonly CommunityLine[];
}

const LINES = { term: { t: "community" } };
const markSchema = z.object({
  hits: z.object({ total: z.object({ value: z.number() }) }),
  aggregations: z.object({ numbers: z.object({ value: z.number() }) }),
});

/** Ids come from outside; a digest is a safe name for whatever they are. */
function idOf(community: string): string {
  return `community/${createHash("sha256").update(community).digest("base64url")}`;
}

function lineOf(source: Json): CommunityLine {
  return source["line"] as CommunityLine;
}
