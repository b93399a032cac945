import type { LeaseInfo } from "../engine/control-store.ts";
import { isOwnerGone } from "../aggregate/aggregation-lease.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { textOption } from "./options.ts";
import { table } from "./text-table.ts";

export const clearLockCommand: Command = {
  name: "clear-lock",
  summary: "Show the locks that are held, or free one whose holder is lost.",
  gated: true,
  options: [
    { flags: "--lock-name <name>", description: "the lock to free; default: that of aggregation" },
    { flags: "--list-locks", description: "only list the locks that are held" },
    { flags: "--force", description: "free it although its holder lives on this machine" },
    { flags: "--dry-run", description: "only say what would be freed" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: [
    "clear-lock --list-locks",
    "clear-lock",
    "clear-lock --lock-name community_stats_cache_generation --dry-run",
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config, stdout, stderr, now } = context;
  const { control } = await context.engine();
  const leases = await control.leases(now());
  const isJson = options["json"] === true;
  if (options["listLocks"] === true) {
    stdout.write(isJson ? `${JSON.stringify(leases, null, 2)}\n` : listText(leases));
    return EXIT.done;
  }
  const name = textOption(options, "lockName") ?? config.locks.aggregation.name;
  const held = leases.find((lease) => lease.name === name);
  const isDry = options["dryRun"] === true;
  if (held !== undefined && !isDry && options["force"] !== true && isHere(held.owner)) {
    stderr.write(
      `Error: the lock ${name} is held by ${held.owner}, which lives.\nStop that process, or add --force.\n`,
    );
    return EXIT.held;
  }
  const cleared = held !== undefined && !isDry && (await control.clearLease(name));
  if (isJson) stdout.write(`${JSON.stringify({ name, held: held ?? null, cleared, dryRun: isDry }, null, 2)}\n`);
  else stdout.write(`${said(name, held, isDry)}\n`);
  return EXIT.done;
}

/** Owners are "host:pid"; of another machine's nothing is known. */
function isHere(owner: string): boolean {
  return isOwnerGone(owner) === false;
}

function said(name: string, held: LeaseInfo | undefined, isDry: boolean): string {
  if (held === undefined) return `The lock ${name} is not held.`;
  return isDry
    ? `Would free the lock ${name}, held by ${held.owner}.`
    : `Freed the lock ${name}, held by ${held.owner}.`;
}

function listText(leases: readonly LeaseInfo[]): string {
  if (leases.length === 0) return "No lock is held.\n";
  const rows = leases.map(({ name, owner, acquiredAt, expiresAt }) => [name, owner, time(acquiredAt), time(expiresAt)]);
  return `${table([["name", "holder", "since", "until"], ...rows], { left: 4 }).join("\n")}\n`;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
