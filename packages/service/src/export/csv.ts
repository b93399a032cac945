import { stringify } from "csv-stringify/sync";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack, type Pack } from "tar-stream";
import { iterable } from "./labels.ts";
import { aboutRows, allTables, type ExportDocument, type ExportTable, safeName, tablesOf } from "./model.ts";
import { inTurns, writeTexts } from "./writing.ts";

const HEADER = ["id", "label", "date", "value", "units"];

/** The single table of an answer as plain CSV: UTF-8, comma, CRLF, formula-safe. Only texts need quoting, and they are the same for a whole series. */
export function* csvOf({ group, metric }: ExportTable): Generator<string> {
  yield lines([[...HEADER, ...(group.facts ?? [])]]);
  for (const series of metric.series) {
    const begin = `${cells([series.id, series.label])},`;
    const end = cells([metric.unit, ...(series.facts ?? [])]);
    for (const [date, value] of series.points) yield `${begin}${date},${value ?? ""},${end}\r\n`;
  }
}

function cells(texts: readonly string[]): string {
  return lines([texts]).slice(0, -"\r\n".length);
}

/** A cell that starts like a formula gets an apostrophe in front, so that no spreadsheet runs it. */
function lines(rows: readonly (readonly string[])[]): string {
  return stringify([...rows], { record_delimiter: "\r\n", escape_formulas: true });
}

/** An entry up to this size is made once; a longer one is measured first and made again, since tar wants sizes in front. */
const WHOLE_BYTES = 1 << 23;

/** A gzip-compressed tar: `about.csv`, then one file per breakdown and metric, `<query>/<breakdown>/<metric>.csv`. */
export async function writeCsvArchive(document: ExportDocument, out: Writable): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createGzip(), out);
  const failed = new Promise<never>((_, reject) => void written.catch(reject));
  await Promise.race([failed, addAll(document, archive)]).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  archive.finalize();
  await written;
}

async function addAll(document: ExportDocument, archive: Pack): Promise<void> {
  const names = new Set<string>();
  const mtime = new Date(document.about.countedAt ?? 0);
  await addEntry(archive, { name: "about.csv", mtime }, [lines([["name", "value"], ...aboutRows(document)])]);
  for (const table of tablesOf(document)) {
    const name = uniqueName(pathOf(table), names);
    await addEntry(
      archive,
      { name, mtime },
      iterable(() => csvOf(table)),
    );
  }
}

async function addEntry(
  archive: Pack,
  header: { readonly name: string; readonly mtime: Date },
  texts: Iterable<string>,
): Promise<void> {
  const { chunks, size } = await measure(texts);
  const entry = archive.entry({ ...header, size });
  for await (const chunk of chunks ?? inTurns(texts)) if (!entry.write(chunk)) await once(entry, "drain");
  entry.end(null);
  await once(entry, "finish");
}

/** `chunks` null: too long to be kept. */
async function measure(
  texts: Iterable<string>,
): Promise<{ readonly chunks: readonly Buffer[] | null; readonly size: number }> {
  let chunks: Buffer[] | null = [];
  let size = 0;
  for await (const bytes of inTurns(texts)) {
    size += bytes.length;
    if (size > WHOLE_BYTES) chunks = null;
    chunks?.push(bytes);
  }
  return { chunks, size };
}

function pathOf({ query, group, metric }: ExportTable): string {
  return [query.label, group.name, metric.name].map(safeName).join("/");
}

function uniqueName(path: string, taken: Set<string>): string {
  for (let copy = 1; ; copy++) {
    const name = `${path}${copy === 1 ? "" : `-${copy}`}.csv`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}

/** The only table of a document as plain CSV. */
export async function writeCsv(document: ExportDocument, out: Writable): Promise<void> {
  const [table] = allTables(document);
  await writeTexts(table === undefined ? [lines([HEADER])] : csvOf(table), out);
}
