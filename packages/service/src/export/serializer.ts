import type { Writable } from "node:stream";
import type { ExportDocument } from "./model.ts";

/** What a serializer may write: the answer as JSON text, or as queries, groups, metrics, series and points. */
export interface ExportContent {
  /** The wire's JSON in pieces. */
  json(): Iterable<string>;
  /** Built when it is asked for; points are read as they are written. */
  document(): ExportDocument;
}

/** One format of answers. A module of an operator's own exports one as `serializer`. */
export interface Serializer {
  /** Short and readable: value of `format=`, and part of cache keys. */
  readonly id: string;
  /** As sent in `Content-Type`. */
  readonly contentType: string;
  /** With its dot: ".csv", ".tar.gz". */
  readonly extension: string;
  /** Whether browsers save it to a file. */
  readonly attachment: boolean;
  /** False for what is compressed already. */
  readonly compressible: boolean;
  /** Writes the whole answer and ends the stream; waits where the reader is slower. */
  write(content: ExportContent, out: Writable): Promise<void>;
}
