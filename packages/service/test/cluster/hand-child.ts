import { hostname } from "node:os";
import { lendHand } from "../../src/aggregate/hand.ts";
import { aggregate } from "../../src/aggregate/runner.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import type { ChildTask } from "./fault-trials.ts";

/** A process of a trial. It says "ready", then "taken" and "done" with each piece, and "closed" or the state of its run. */
const task: ChildTask = JSON.parse(process.argv[2] ?? "{}");
const engine = await openOpenSearch(task.options);
const say = (word: string) => process.stdout.write(`${word}\n`);
if (task.run === undefined) lend();
else await count(task.run);

async function count(run: NonNullable<ChildTask["run"]>): Promise<void> {
  say("ready");
  const { state } = await aggregate(engine, { ...run, owner: `${hostname()}:${process.pid}`, now: Date.now });
  await engine.close();
  say(state);
  process.exit(0);
}

function lend(): void {
  const log = { info: () => undefined, warn: () => undefined };
  const hand = lendHand(telling(engine), { log, now: Date.now });
  say("ready");
  process.on("SIGTERM", () => {
    void (async () => {
      await hand?.close();
      await engine.close();
      say("closed");
      process.exit(0);
    })();
  });
}

function telling(opened: Engine): Engine {
  const { work } = opened;
  if (work === undefined) throw new Error("the engine shares no work");
  const serve: typeof work.serve = (count, trouble) =>
    work.serve(async (data, attempt) => {
      say("taken");
      const result = await count(data, attempt);
      say("done");
      return result;
    }, trouble);
  return { ...opened, work: { open: () => work.open(), standing: () => work.standing(), serve } };
}
