import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { view } from "../../test/ingest-trial.ts";
import type { LineBlock } from "./line-blocks.ts";
import type { Taking } from "./parse-block.ts";
import { blockParsing } from "./parser-pool.ts";

const EVENTS: Taking = { kind: "events", forced: false };
const block = (): LineBlock => ({ bytes: new Uint8Array(Buffer.from(`${view()}\n`)), open: false, tooLong: 0 });

it("asks no thread that has died, and puts another in its place", async () => {
  const silent = new Worker("setInterval(() => undefined, 1000)", { eval: true });
  const workers = [silent, new Worker(new URL("./parse.worker.ts", import.meta.url))];
  const next = (): Worker => {
    const worker = workers.shift();
    if (worker === undefined) throw new Error("a third thread was started");
    return worker;
  };
  const parsing = blockParsing(1, next);
  try {
    for (let here = 0; here < 3; here++) await parsing.parse(block(), EVENTS);
    const lost = parsing.parse(block(), EVENTS).catch((error: unknown) => error);
    await silent.terminate();
    expect(await lost).toMatchObject({ message: expect.stringMatching(/^the parser thread ended with code/) });
    for (let later = 0; later < 2; later++) {
      expect(await parsing.parse(block(), EVENTS)).toMatchObject({ read: 1, facts: { events: { count: 1 } } });
    }
    expect(workers).toEqual([]);
  } finally {
    await parsing.close();
  }
});
