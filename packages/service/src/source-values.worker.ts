import { parentPort, workerData } from "node:worker_threads";
import { readForParent, type SourceReadingStart } from "./aggregate/source-thread.ts";

const start: SourceReadingStart = workerData;
if (parentPort === null) throw new Error("source-values.worker.ts is the entry of a thread");
readForParent(parentPort, start);
