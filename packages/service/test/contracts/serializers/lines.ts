import { once } from "node:events";
import type { Serializer } from "../../../src/export/serializer.ts";

/** A serializer of an operator's own: one line per series. */
export const serializer: Serializer = {
  id: "lines",
  contentType: "text/plain; charset=utf-8",
  extension: ".txt",
  attachment: false,
  compressible: true,
  async write(content, out) {
    const metrics = content.document().queries.flatMap(({ groups }) => groups.flatMap((group) => group.metrics));
    for (const { name, series } of metrics) {
      for (const { id, points } of series) out.write(`${id} ${name} ${[...points].length}\n`);
    }
    out.end();
    await once(out, "finish");
  },
};
