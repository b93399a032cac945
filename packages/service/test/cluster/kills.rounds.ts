import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Random } from "../../src/demo/random.ts";
import { FaultTrials, trialOptions } from "./fault-trials.ts";
import { OwnServer } from "./own-servers.ts";

const EVENTS = 1500;
const ROUNDS = Number(process.env["FAULT_ROUNDS"] ?? 20);
const ROUND_MS = 120_000;
const SEED = 20_250_310;
const LONGEST_WAIT_MS = 1500;

const folder = mkdtempSync(join(tmpdir(), "kept-days-"));
let search: OwnServer;
let redis: OwnServer;
let trials: FaultTrials;

beforeAll(async () => {
  [search, redis] = await Promise.all([OwnServer.openSearch({}), OwnServer.redis()]);
  const keptDays = { folder, maxBytes: 2 ** 30 };
  trials = await FaultTrials.open({ ...trialOptions({ search, redis }, "killed-"), keptDays }, EVENTS);
});
afterAll(async () => {
  await trials?.engine.close();
  await Promise.all([search?.end(), redis?.end()]);
  rmSync(folder, { recursive: true });
});

it(
  `${ROUNDS} rounds of kill -9 of run, hand, OpenSearch or Redis at random instants (seed ${SEED})`,
  async () => {
    await trials.count();
    const undisturbed = await trials.digest();
    const random = new Random(SEED);
    const hands = [trials.hand()];
    for (let round = 0; round < ROUNDS; round++) {
      trials.begin();
      await tormented(random, hands);
      expect(await trials.digest(), `round ${round}`).toBe(undisturbed);
    }
    for (const hand of hands) hand.signal("SIGKILL");
  },
  ROUNDS * ROUND_MS,
);

/** Runs one after the other, as a schedule starts them, until one is done; the first of them is disturbed. */
async function tormented(random: Random, hands: ReturnType<FaultTrials["hand"]>[]): Promise<void> {
  const first = trials.run();
  await first.said("ready");
  await sleep(random.below(LONGEST_WAIT_MS));
  const kill = [
    async () => first.signal("SIGKILL"),
    async () => {
      hands.pop()?.signal("SIGKILL");
      hands.push(trials.hand());
    },
    () => search.crash(),
    () => redis.crash(),
  ][random.below(4)];
  await kill?.();
  await first.ended();
  for (let run = first; run.times("done") === 0;) {
    run = trials.run();
    await run.ended();
  }
}
