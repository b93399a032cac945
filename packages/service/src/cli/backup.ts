import { resolve } from "node:path";
import { UsageError } from "@community-stats/contract/problems.ts";
import { backUp } from "../app.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";

export const backupCommand: Command = {
  name: "backup",
  summary: "Copy the facts to another folder, while everything goes on.",
  gated: true,
  arguments: [{ name: "<folder>", description: "empty, or not there yet" }],
  options: [
    { flags: "--with-rollups", description: "also what was counted, so that a restored copy need not count" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["backup /var/backups/stats/2026-11-26", "backup --with-rollups /var/backups/stats/weekly"],
  run,
};

async function run({ config, stdout, stderr, signal }: CommandContext, input: CommandInput): Promise<ExitCode> {
  if (config.engine !== "embedded") {
    throw new UsageError(
      `The engine ${config.engine} keeps nothing in a data folder.`,
      "Back the search cluster up with its own snapshots.",
    );
  }
  const target = resolve(input.arguments[0] ?? "");
  const options = { withRollups: input.options["withRollups"] === true, signal };
  const report = await backUp(config.dataDir, target, options).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (report === undefined) {
    stderr.write("Interrupted; nothing was kept of the copy.\n");
    return EXIT.partial;
  }
  if (report === null) {
    throw new UsageError(`${target} is not empty.`, "Name a folder that is empty, or not there yet.");
  }
  if (input.options["json"] === true) stdout.write(`${JSON.stringify({ target, ...report }, null, 2)}\n`);
  else {
    stdout.write(
      `Copied the records, the events that came last, and ${report.files} files of events (${(report.bytes / 1e6).toFixed(1)} MB) to ${target}.\nCheck the copy with: COMMUNITY_STATS_DATA_DIR=${target} community-stats verify\n`,
    );
  }
  return EXIT.done;
}
