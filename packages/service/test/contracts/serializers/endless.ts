import { Buffer } from "node:buffer";
import type { Serializer } from "../../../src/export/serializer.ts";
import { writeTo } from "../../../src/export/writing.ts";

/** How far the last answer has come. */
export const progress = { blocks: 0, ended: false, blockBytes: 1 << 16 };

/** Writes for as long as anybody reads. */
export const serializer: Serializer = {
  id: "endless",
  contentType: "text/plain; charset=utf-8",
  extension: ".txt",
  attachment: true,
  compressible: false,
  async write(_content, out) {
    progress.blocks = 0;
    progress.ended = false;
    try {
      for (; ; progress.blocks++) await writeTo(out, Buffer.alloc(progress.blockBytes, "x"));
    } finally {
      progress.ended = true;
    }
  },
};
