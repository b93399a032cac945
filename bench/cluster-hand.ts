import { lendHand } from "../packages/service/src/aggregate/hand.ts";
import { type EngineSpec, openEngine } from "../packages/service/src/app.ts";

/** A worker, as `community-stats worker`: says when it is ready, and its peak memory in MB when it is asked. */
const spec: EngineSpec = JSON.parse(process.argv[2] ?? "{}");
const engine = await openEngine(spec);
const log = {
  info: () => undefined,
  warn: (what: object, text: string) => process.stderr.write(`${text} ${JSON.stringify(what)}\n`),
};
const hand = lendHand(engine, { log, now: Date.now });
process.stdout.write("ready\n");
process.stdin.on("data", () => process.stdout.write(`${process.resourceUsage().maxRSS / 1024}\n`));
process.on("SIGTERM", () => {
  void (async () => {
    await hand?.close();
    await engine.close();
    process.exit(0);
  })();
});
