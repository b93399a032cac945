import { parentPort, workerData } from "node:worker_threads";
import { bookForParent, type BookkeepingStart } from "./aggregate/bookkeeping-thread.ts";

const start: BookkeepingStart = workerData;
if (parentPort === null) throw new Error("ledger.worker.ts is the entry of a thread");
await bookForParent(parentPort, start);
parentPort.close();
