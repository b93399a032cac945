import { parentPort } from "node:worker_threads";
import { buffersOf } from "./event-columns.ts";
import type { LineBlock } from "./line-blocks.ts";
import { parseBlock, type Taking } from "./parse-block.ts";

/** One block in, what it came to out, in the order of asking. */
export interface ParseRequest {
  readonly block: LineBlock;
  readonly taking: Taking;
}

parentPort?.on("message", ({ block, taking }: ParseRequest) => {
  const parsed = parseBlock(block, taking);
  const { events } = parsed.facts;
  parentPort?.postMessage(parsed, events === undefined ? [] : buffersOf(events));
});
