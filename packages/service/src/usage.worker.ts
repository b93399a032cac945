import { parentPort, workerData } from "node:worker_threads";
import { countForParent } from "./aggregate/counting-loop.ts";
import type { WorkerStart } from "./aggregate/worker-messages.ts";
import { openEngine } from "./app.ts";

const start: WorkerStart = workerData;
if (parentPort === null) throw new Error("usage.worker.ts is the entry of a thread");
const { name, dataDir } = start.spec;
if (name !== "embedded") throw new Error(`the engine ${name} cannot be opened by a second thread`);
const engine = await openEngine({ name, dataDir });
await countForParent(parentPort, engine.facts, start);
await engine.close();
parentPort.close();
