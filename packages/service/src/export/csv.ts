import { stringify } from "csv-stringify/sync";
import { once } from "node:events";
import { PassThrough, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { aboutRows, type ExportDocument, type ExportTable, safeName, tablesOf } from "./model.ts";

const HEADER = ["id", "label", "date", "value", "unit"];
const BATCH = 500;

/** The single table of an answer as plain CSV: UTF-8, comma, CRLF, formula-safe. */
export function* csvOf({ metric }: ExportTable): Generator<string> {
  yield lines([HEADER]);
  let batch: (string | number | null)[][] = [];
  for (const series of metric.series) {
    for (const [date, value] of series.points) {
      batch.push([series.id, series.label, date, value, metric.unit]);
      if (batch.length < BATCH) continue;
      yield lines(batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield lines(batch);
}

/** A cell that starts like a formula gets an apostrophe in front, so that no spreadsheet runs it. */
function lines(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify([...rows], { record_delimiter: "\r\n", escape_formulas: true });
}

/**
 * A gzip-compressed tar: `about.csv`, then one file per breakdown and metric, `<query>/<breakdown>/<metric>.csv`.
 * Tar wants sizes first, so a table is made whole before it is written; the largest one decides the memory.
 */
export async function writeCsvArchive(document: ExportDocument, out: Writable): Promise<void> {
  const archive = pack();
  const sink = new PassThrough();
  const written = pipeline(archive, createGzip(), sink, out);
  const names = new Set<string>();
  const add = async (name: string, content: Buffer) => {
    const entry = archive.entry({ name, size: content.length, mtime: new Date(document.about.generatedAt) });
    entry.end(content);
    await once(entry, "finish");
  };
  const failed = new Promise<never>((_, reject) => void written.catch(reject));
  await Promise.race([failed, addAll(document, names, add)]);
  archive.finalize();
  await written;
}

async function addAll(
  document: ExportDocument,
  names: Set<string>,
  add: (name: string, content: Buffer) => Promise<void>,
): Promise<void> {
  await add("about.csv", Buffer.from(lines([["name", "value"], ...aboutRows(document.about)])));
  for (const table of tablesOf(document)) {
    const chunks = [...csvOf(table)].map((text) => Buffer.from(text));
    await add(uniqueName(pathOf(table), names), Buffer.concat(chunks));
  }
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
