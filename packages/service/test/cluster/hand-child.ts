import { lendHand } from "../../src/aggregate/hand.ts";
import { openOpenSearch, type OpenSearchOptions } from "../../src/engines/opensearch/open.ts";

/** A process that lends a hand, and says what it does: "ready", then "taken" and "done" with each piece. */
const options: OpenSearchOptions = JSON.parse(process.argv[2] ?? "{}");
const engine = await openOpenSearch(options);
const say = (word: string) => process.stdout.write(`${word}\n`);
const { work } = engine;
if (work === undefined) throw new Error("the engine shares no work");
const telling = {
  ...engine,
  work: {
    open: () => work.open(),
    standing: () => work.standing(),
    serve: ((count, trouble) =>
      work.serve(async (data, attempt) => {
        say("taken");
        const result = await count(data, attempt);
        say("done");
        return result;
      }, trouble)) satisfies typeof work.serve,
  },
};
const log = { info: () => undefined, warn: () => undefined };
const hand = lendHand(telling, { log, now: Date.now });
say("ready");
process.on("SIGTERM", () => {
  void (async () => {
    await hand?.close();
    await engine.close();
    say("closed");
    process.exit(0);
  })();
});
