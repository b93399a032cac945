import { Buffer } from "node:buffer";
import type { Serializer } from "../../../src/export/serializer.ts";
import { writeTo } from "../../../src/export/writing.ts";

const BLOCKS = 400;

/** Fails when much is written already. */
export const serializer: Serializer = {
  id: "broken",
  contentType: "text/plain; charset=utf-8",
  extension: ".txt",
  attachment: true,
  compressible: false,
  async write(_content, out) {
    for (let block = 0; block < BLOCKS; block++) await writeTo(out, Buffer.alloc(1 << 16, "x"));
    throw new Error("the disk is gone");
  },
};
