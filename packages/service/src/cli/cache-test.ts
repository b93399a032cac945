import type { KeptAnswers } from "../cache/kept-answers.ts";
import { keyText } from "../cache/cache-key.ts";
import { scopeNamed, withKeptAnswers } from "./cache-access.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { textOption } from "./options.ts";

export const cacheTestCommand: Command = {
  name: "cache test",
  summary: "Write, read and remove an entry, to see that the cache works.",
  gated: true,
  options: [
    { flags: "--community-id <id>", description: "whose entry: id, slug, or global", default: "global" },
    { flags: "--stat-name <name>", description: "name of the entry's query", default: "test" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["cache test", "cache test --community-id my-community --stat-name usage-delta-category"],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const query = textOption(options, "statName") ?? "test";
  const community = textOption(options, "communityId") ?? "global";
  const result = await withKeptAnswers(context, async (kept) =>
    probe(kept, { scope: await scopeNamed(context, kept, community), query, owner: context.owner }),
  );
  const works = result.written && result.read && result.removed;
  if (options["json"] === true) context.stdout.write(`${JSON.stringify({ ...result, works }, null, 2)}\n`);
  else context.stdout.write(`${testLines(result).join("\n")}\n`);
  return works ? EXIT.done : EXIT.failed;
}

interface Probe {
  readonly scope: string;
  readonly query: string;
  readonly owner: string;
}
interface ProbeResult {
  readonly key: string;
  readonly written: boolean;
  readonly read: boolean;
  readonly removed: boolean;
}

async function probe(kept: KeptAnswers, { scope, query, owner }: Probe): Promise<ProbeResult> {
  const subject = { scope, query, from: "", to: "", parameters: "probe", format: "probe" };
  const moment = { state: "probe", setup: owner };
  const key = keyText(subject, moment);
  const body = Buffer.from(`probe of ${owner}`);
  const freshness = {
    asOf: null,
    ruleVersion: "",
    firstDay: null,
    updatedAt: null,
    missingDays: [],
    incompleteDays: [],
  };
  const known = { hash: "probe", freshness, encoding: "identity", contentBytes: body.length, body } as const;
  const written = await kept.put({ key, subject, moment, ...known });
  const read = (await kept.get(key))?.body.equals(body) === true;
  await kept.remove(key);
  return { key, written, read, removed: (await kept.get(key)) === null };
}

function testLines({ key, written, read, removed }: ProbeResult): readonly string[] {
  return [
    key,
    ...Object.entries({ written, "read again": read, removed }).map(
      ([what, well]) => `${what}: ${well ? "yes" : "no"}`,
    ),
  ];
}
