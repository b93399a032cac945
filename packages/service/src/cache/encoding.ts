import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants, createBrotliCompress, createGzip, gunzip, gzip } from "node:zlib";
import { pipeline, type Readable, type Transform } from "node:stream";
import type { Encoding } from "./answering.ts";

/** Of brotli: small enough, and 5 ms for 300 kB; the best quality takes a hundred times as long. */
const BROTLI_QUALITY = 5;
const GZIP_LEVEL = 6;

const brotliOptions = (size: number) => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    ...(size > 0 ? { [constants.BROTLI_PARAM_SIZE_HINT]: size } : {}),
  },
});

/** Works in the thread pool. */
export async function encode(content: Buffer, encoding: Encoding): Promise<Buffer> {
  switch (encoding) {
    case "identity":
      return content;
    case "gzip":
      return await promisify(gzip)(content, { level: GZIP_LEVEL });
    case "br":
      return await promisify(brotliCompress)(content, brotliOptions(content.length));
    default:
      return encoding satisfies never;
  }
}

/** @throws where the bytes are no such encoding, or longer than `limit` when decoded. */
export async function decode(body: Buffer, encoding: Encoding, limit: number): Promise<Buffer> {
  switch (encoding) {
    case "identity":
      return body;
    case "gzip":
      return await promisify(gunzip)(body, { maxOutputLength: limit });
    case "br":
      return await promisify(brotliDecompress)(body, { maxOutputLength: limit });
    default:
      return encoding satisfies never;
  }
}

/** A failure of the source fails the result as well. */
export function encodeStream(source: Readable, encoding: Encoding): Readable {
  if (encoding === "identity") return source;
  const encoder: Transform =
    encoding === "gzip" ? createGzip({ level: GZIP_LEVEL }) : createBrotliCompress(brotliOptions(0));
  pipeline(source, encoder, () => undefined);
  return encoder;
}
