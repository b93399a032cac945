import { createHash, type Hash } from "node:crypto";
import { PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import { gatherDocuments } from "../export/document-groups.ts";
import { FORMATS, JSON_FORMAT } from "../export/formats.ts";
import type { ExportContent, Serializer } from "../export/serializer.ts";
import { type Queries } from "../query/queries.ts";
import { mergeFreshness } from "../query/run-plan.ts";
import {
  type Answer,
  type Answering,
  type AnswerRequest,
  EntryError,
  type Encoding,
  isPlanned,
  NothingAnsweredError,
} from "./answering.ts";
import { exportContent, type AnsweredEntry, type ContentSource, type Site } from "./export-content.ts";

export interface DirectOptions {
  readonly queries: Queries;
  readonly site: Site;
}

/** Answers each request anew. */
export function directAnswering({ queries, site }: DirectOptions): Answering {
  return {
    async answer(request) {
      const entries = await runEntries(queries, request);
      if (request.serializer.id !== JSON_FORMAT.id) refuseNothing(entries);
      if (FILES.has(request.serializer)) await gatherFor(entries, request.signal);
      const freshness = mergeFreshness(entries.flatMap((entry) => ("result" in entry ? [entry.result.freshness] : [])));
      const { generated } = await queries.status();
      // From here on the signal is listened to, which tells nothing of an earlier end.
      request.signal?.throwIfAborted();
      const content = exportContent({ entries, shape: request.shape, freshness, site, generated });
      return { freshness, ...(await encode(request, content)) };
    },
  };
}

/** What writes series, whatever was asked for. A serializer of somebody else's may want the JSON alone. */
const FILES: ReadonlySet<Serializer> = new Set(FORMATS.filter((format) => format !== JSON_FORMAT));

async function gatherFor(entries: ContentSource["entries"], signal: AbortSignal | undefined): Promise<void> {
  const turn = async () => {
    await nextTurn();
    signal?.throwIfAborted();
  };
  for (const entry of entries) {
    const result = "result" in entry ? entry.result : null;
    if (result?.form === "documents") await gatherDocuments(result.documents, turn);
    if (result?.form === "composite") for (const part of Object.values(result.parts)) await gatherDocuments(part, turn);
  }
}

/** A file of nothing would look like an answer. @throws NothingAnsweredError */
function refuseNothing(entries: ContentSource["entries"]): void {
  const failed = entries.filter((entry) => "problem" in entry);
  if (failed.length === entries.length) throw new NothingAnsweredError(failed);
}

async function runEntries(queries: Queries, request: AnswerRequest): Promise<ContentSource["entries"]> {
  const entries: ContentSource["entries"][number][] = [];
  for (const entry of request.entries) {
    request.signal?.throwIfAborted();
    if (!isPlanned(entry)) {
      entries.push(entry);
      continue;
    }
    try {
      entries.push({ entry, result: await queries.run(entry.plan, request.signal) } satisfies AnsweredEntry);
    } catch (error) {
      if (request.shape === "bare" || request.signal?.aborted === true) throw error;
      const failed = new EntryError(entry.label, error);
      if (request.problemOf === null) throw failed;
      entries.push({ label: entry.label, problem: request.problemOf(failed) });
    }
  }
  return entries;
}

/** An answer up to this size, as encoded, is known whole before it is sent: it has a length and a validator. */
const WHOLE_BYTES = 8 << 20;

interface Encoded {
  readonly serializer: Serializer;
  readonly encoding: Encoding;
  readonly signal?: AbortSignal;
}

/** Writes the content through the encoder; what is short is kept whole, the rest flows as it is read. */
async function encode(
  { serializer, encoding, signal }: Encoded,
  content: ExportContent,
): Promise<Pick<Answer, "etag" | "body">> {
  const hash = createHash("sha256");
  const source = hashing(hash);
  const sink = new PassThrough();
  const flow = encoding === "identity" ? pipeline(source, sink) : pipeline(source, encoder(encoding), sink);
  // The error reaches the reader through the sink.
  flow.catch(() => undefined);
  serializer.write(content, source).catch((error: unknown) => source.destroy(asError(error)));
  signal?.addEventListener("abort", () => source.destroy(asError(signal.reason)), { once: true });
  const chunks: Buffer[] = [];
  const rest: AsyncIterator<Buffer> = sink[Symbol.asyncIterator]();
  for (let size = 0; size <= WHOLE_BYTES;) {
    const next = await rest.next();
    if (next.done === true) return { etag: etagOf(hash, encoding), body: Buffer.concat(chunks) };
    chunks.push(next.value);
    size += next.value.length;
  }
  return { etag: null, body: Readable.from(follow(chunks, rest)) };
}

async function* follow(begun: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* begun;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    // A reader that goes away stops the making of what it would have read.
    await rest.return?.();
  }
}

function hashing(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** Levels that keep up with making the content. */
function encoder(encoding: Exclude<Encoding, "identity">): Transform {
  if (encoding === "gzip") return createGzip({ level: 6 });
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
}

function etagOf(hash: Hash, encoding: Encoding): string {
  const digest = hash.digest("base64url").slice(0, 27);
  return encoding === "identity" ? `"${digest}"` : `"${digest}-${encoding}"`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
