import { parentPort } from "node:worker_threads";
import { EventMemory } from "./event-bytes.ts";
import { buffersOf } from "./event-columns.ts";
import type { LineBlock } from "./line-blocks.ts";
import { parseBlock, type Taking } from "./parse-block.ts";
import { SentDictionaries } from "./sent-blocks.ts";

/** One block in, what it came to out, in the order of asking. */
export interface ParseRequest {
  readonly block: LineBlock;
  readonly taking: Taking;
}

const dictionaries = new SentDictionaries();
let memory = new EventMemory();

parentPort?.on("message", ({ block, taking }: ParseRequest) => {
  if (memory.isFull) memory = new EventMemory();
  const parsed = parseBlock(block, taking, memory);
  const { events } = parsed.facts;
  parentPort?.postMessage(dictionaries.shorten(parsed), events === undefined ? [] : buffersOf(events));
});
