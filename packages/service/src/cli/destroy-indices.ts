import { takeLease } from "../aggregate/aggregation-lease.ts";
import { openKeptAnswers } from "../cache/open-cache.ts";
import type { Engine } from "../engine/engine.ts";
import { whileHeld } from "../engine/held-lease.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { LEASE_TTL_MS } from "./lock.ts";

export const destroyIndicesCommand: Command = {
  name: "destroy-indices",
  summary: "Delete everything that was counted, of this installation only; the facts stay.",
  gated: true,
  options: [
    { flags: "--yes-i-know", description: "do not ask" },
    { flags: "--dry-run", description: "only say what would be deleted" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["destroy-indices --dry-run", "destroy-indices --yes-i-know"],
  run,
};

interface Derived {
  readonly generations: number;
  readonly countedDays: number;
  readonly rollupBytes: number;
}

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config, stdout, stderr, owner, now } = context;
  const engine = await context.engine();
  const derived = await survey(engine);
  const isDry = options["dryRun"] === true;
  const isJson = options["json"] === true;
  if (!isJson) stdout.write(listText(derived, config.dataDir));
  if (isDry) {
    if (isJson) stdout.write(`${JSON.stringify({ ...derived, deleted: false, dryRun: true }, null, 2)}\n`);
    return EXIT.done;
  }
  const isMeant =
    options["yesIKnow"] === true ||
    (await confirm(context, { text: "Delete all of this; counting makes it anew", flags: "--yes-i-know" }));
  if (!isMeant) {
    stderr.write("Nothing was deleted.\n");
    return EXIT.failed;
  }
  const { name } = config.locks.aggregation;
  const lease = await takeLease(engine.control, { owner, now: now(), ttlMs: LEASE_TTL_MS, name });
  if (lease === null) {
    stderr.write(
      "Error: an aggregation is running; nothing was deleted.\nWait for it, or cancel it: community-stats processes cancel\n",
    );
    return EXIT.held;
  }
  await whileHeld({ lease, ttlMs: LEASE_TTL_MS, now, signal: context.signal }, () => destroy(context, engine));
  if (isJson) stdout.write(`${JSON.stringify({ ...derived, deleted: true, dryRun: false }, null, 2)}\n`);
  else stdout.write("Deleted. Count again with: community-stats aggregate --force\n");
  return EXIT.done;
}

async function survey({ rollups }: Engine): Promise<Derived> {
  const generations = await rollups.generations();
  let countedDays = 0;
  for (const { id } of generations) countedDays += (await rollups.countedDays(id)).length;
  return { generations: generations.length, countedDays, rollupBytes: await rollups.size() };
}

function listText({ generations, countedDays, rollupBytes }: Derived, dataDir: string): string {
  const mega = (rollupBytes / 1e6).toFixed(1);
  return [
    `In ${dataDir}:`,
    `  ${generations} ${generations === 1 ? "generation" : "generations"} of numbers, ${countedDays} counted days, ${mega} MB`,
    "  the answers that are kept, and the history of what was read out of the records",
    "  The facts (records, communities, memberships, events) stay.",
    "",
  ].join("\n");
}

async function destroy({ config, now, stderr }: CommandContext, { rollups }: Engine): Promise<void> {
  for (const { id } of await rollups.generations()) await rollups.dropGeneration(id);
  await rollups.dropExtractsExcept([]);
  const warn = (what: string) => stderr.write(`Warning: ${what}\n`);
  const cache = openKeptAnswers({ config, now, warn, busyMs: 30_000 });
  try {
    await cache?.removeEntries({});
  } finally {
    await cache?.close();
  }
}
