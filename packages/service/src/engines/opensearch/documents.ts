import { z } from "zod";
import type { Json, Requests } from "./requests.ts";

/** A document by its id, with what an update must name to be sure that nobody else wrote in between. */
export interface Found {
  readonly source: Json;
  readonly seqNo: number;
  readonly term: number;
}

const foundSchema = z.object({
  found: z.boolean().default(false),
  _source: z.record(z.string(), z.unknown()).optional(),
  _seq_no: z.number().optional(),
  _primary_term: z.number().optional(),
});
const writtenSchema = z.object({ _version: z.number() }).transform((written) => written["_version"]);

/** The document as it is now, refreshed or not; null where there is none. */
export async function getDocument(requests: Requests, index: string, id: string): Promise<Found | null> {
  const answer = await requests.send("GET", `/${index}/_doc/${encodeURIComponent(id)}`, { accept: [404] });
  return foundOf(answer.body);
}

/** As `getDocument`, for many; in the order of the ids. */
export async function getDocuments(
  requests: Requests,
  index: string,
  ids: readonly string[],
): Promise<readonly (Found | null)[]> {
  if (ids.length === 0) return [];
  const { docs } = z.object({ docs: z.array(z.unknown()) }).parse(await requests.readMany(index, ids));
  return docs.map(foundOf);
}

/** Which of the ids there are. */
export async function knownIds(
  requests: Requests,
  index: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const answer = await requests.readMany(index, ids, { _source: false });
  const { docs } = z.object({ docs: z.array(foundSchema) }).parse(answer);
  return new Set(ids.filter((_, at) => docs[at]?.found === true));
}

function foundOf(body: unknown): Found | null {
  const { found, _source, _seq_no, _primary_term } = foundSchema.parse(body);
  if (!found) return null;
  return { source: _source ?? {}, seqNo: _seq_no ?? 0, term: _primary_term ?? 0 };
}

export async function putDocument(requests: Requests, index: string, put: { id: string; source: Json }): Promise<void> {
  await requests.send("PUT", `/${index}/_doc/${encodeURIComponent(put.id)}`, { body: put.source });
}

/** False when there is one of this id already. */
export async function createDocument(
  requests: Requests,
  index: string,
  put: { id: string; source: Json },
): Promise<boolean> {
  const path = `/${index}/_create/${encodeURIComponent(put.id)}`;
  const { status } = await requests.send("PUT", path, { body: put.source, accept: [409] });
  return status !== 409;
}

/**
 * Changes one document so that no other change is lost: made again from what is there when somebody else was quicker.
 * @param change null leaves it as it is. May be called several times.
 */
export async function changeDocument(
  requests: Requests,
  at: { readonly index: string; readonly id: string },
  change: (source: Json | null) => Json | null,
): Promise<Json | null> {
  const path = `/${at.index}/_doc/${encodeURIComponent(at.id)}`;
  for (;;) {
    const found = await getDocument(requests, at.index, at.id);
    const source = change(found?.source ?? null);
    if (source === null) return null;
    const query = found === null ? { op_type: "create" } : { if_seq_no: found.seqNo, if_primary_term: found.term };
    const { status } = await requests.send("PUT", path, { body: source, query, accept: [409] });
    if (status !== 409) return source;
  }
}

/** A number that nobody was given before: the version of a document that is written for nothing else. */
export async function nextNumber(requests: Requests, index: string, id: string): Promise<number> {
  const answer = await requests.send("PUT", `/${index}/_doc/${encodeURIComponent(id)}`, { body: { t: "counter" } });
  return writtenSchema.parse(answer.body);
}
