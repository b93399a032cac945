import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** One answer of so many of its kind is a part; the same request sent again is answered in whole. */
const EVERY = 5;

const searchSchema = z.looseObject({ hits: z.looseObject({ hits: z.array(z.unknown()) }) });
const readingSchema = z.object({ docs: z.array(z.looseObject({ _index: z.string(), _id: z.string() })) });
const bulkSchema = z.looseObject({ items: z.array(z.unknown()) });

type Kind = "_search" | "_mget" | "_bulk";
interface Passing {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly type: string;
}

/**
 * Stands before a real OpenSearch, as a proxy does, and lets some answers through in part only, with status 200 as OpenSearch has it: hits of
 * some shards, documents that could not be read, items of a bulk that were refused (and are not passed on).
 */
export class PartialGate {
  /** Answers that were cut, by kind. */
  readonly cut: Record<Kind, number> = { _search: 0, _mget: 0, _bulk: 0 };
  readonly #seen: Record<Kind, number> = { _search: 0, _mget: 0, _bulk: 0 };
  readonly #server: Server;
  readonly #behind: string;

  private constructor(behind: string) {
    this.#behind = behind;
    this.#server = createServer((incoming, outgoing) => {
      void (async () => {
        const { status, body } = await this.#answer(await passing(incoming));
        outgoing.writeHead(status, { "content-type": "application/json" }).end(body);
      })().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
    });
  }

  static async before(url: string): Promise<PartialGate> {
    const gate = new PartialGate(url);
    await new Promise<void>((resolve) => {
      gate.#server.listen(0, "127.0.0.1", resolve);
    });
    return gate;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: Passing): Promise<{ readonly status: number; readonly body: string }> {
    const kind = kindOf(request.path);
    if (kind === undefined || ++this.#seen[kind] % EVERY !== 0) return await this.#pass(request);
    const turn = this.cut[kind]++;
    if (kind === "_bulk") return await this.#bulk(request);
    const { status, body } = await this.#pass(request);
    if (status !== 200) return { status, body };
    const whole: unknown = JSON.parse(body);
    return { status, body: JSON.stringify(kind === "_search" ? partOfSearch(whole, turn) : partOfReading(whole)) };
  }

  async #bulk(request: Passing): Promise<{ readonly status: number; readonly body: string }> {
    const lines = request.body.trimEnd().split("\n");
    const writes = lines.length / 2;
    const taken = Math.floor(writes / 2);
    const passed = { ...request, body: `${lines.slice(0, 2 * taken).join("\n")}\n` };
    const written =
      taken === 0 ? { took: 1, items: [] } : bulkSchema.parse(JSON.parse((await this.#pass(passed)).body));
    const error = { type: "rejected_execution_exception", reason: "rejected execution of coordinating operation" };
    const refused = Array.from({ length: writes - taken }, () => ({ index: { status: 429, error } }));
    return { status: 200, body: JSON.stringify({ ...written, errors: true, items: [...written.items, ...refused] }) };
  }

  async #pass({ method, path, body, type }: Passing): Promise<{ readonly status: number; readonly body: string }> {
    const given = body === "" ? {} : { body };
    const answer = await fetch(this.#behind + path, { method, headers: { "content-type": type }, ...given });
    return { status: answer.status, body: await answer.text() };
  }
}

async function passing(incoming: IncomingMessage): Promise<Passing> {
  const { method = "GET", url: path = "/", headers } = incoming;
  return { method, path, body: await text(incoming), type: headers["content-type"] ?? "application/json" };
}

function kindOf(path: string): Kind | undefined {
  return (["_search", "_mget", "_bulk"] as const).find((kind) => path.split("?")[0]?.endsWith(`/${kind}`));
}

/** In turn: cut short by time, a shard that failed, a shard that is nowhere. */
function partOfSearch(body: unknown, turn: number): object {
  const { hits, ...rest } = searchSchema.parse(body);
  const some = { ...hits, hits: hits.hits.slice(0, Math.floor(hits.hits.length / 2)) };
  const shards = { total: 2, successful: 1, skipped: 0, failed: turn % 3 === 1 ? 1 : 0 };
  return { ...rest, hits: some, ...(turn % 3 === 0 ? { timed_out: true } : { _shards: shards }) };
}

function partOfReading(body: unknown): object {
  const { docs } = readingSchema.parse(body);
  const error = { type: "no_shard_available_action_exception", reason: "No shard available" };
  return { docs: docs.map(({ _index, _id }, at) => (at === docs.length - 1 ? { _index, _id, error } : docs[at])) };
}
