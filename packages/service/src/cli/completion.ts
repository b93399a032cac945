import type { Command, CommandContext, CommandInput, ExitCode } from "./command.ts";
import { EXIT } from "./command.ts";
import type { CommandEntry } from "./program.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Completion for the commands of a table, with their options. */
export function completionCommand(entries: readonly CommandEntry[]): Command {
  return {
    name: "completion",
    summary: "Print a script that completes commands and options in a shell.",
    gated: false,
    despiteMistakes: true,
    arguments: [{ name: "<shell>", description: SHELLS.join(", ") }],
    options: [],
    examples: ["completion bash > /etc/bash_completion.d/community-stats", "completion fish | source"],
    run: (context, input) => run(entries, context, input),
  };
}

interface Row {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly string[];
}

async function run(
  entries: readonly CommandEntry[],
  { stdout, stderr }: CommandContext,
  { arguments: [shell = ""] }: CommandInput,
): Promise<ExitCode> {
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined) {
    stderr.write(`Error: There is no completion for ${JSON.stringify(shell)}.\nGive one of ${SHELLS.join(", ")}.\n`);
    return EXIT.usage;
  }
  const rows = await Promise.all(entries.map(rowOf));
  const text = known === "fish" ? fishScript(rows) : bashScript(rows);
  stdout.write(known === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${text}` : text);
  return EXIT.done;
}

async function rowOf({ name, summary, load }: CommandEntry): Promise<Row> {
  if (name === "completion") return { name, summary, flags: ["--help"] };
  const command = await load();
  const flags = command.options.flatMap(({ flags: written }) => written.match(/--[a-z-]+/g) ?? []);
  return { name, summary, flags: [...flags, ...(command.gated ? ["--force-disabled"] : []), "--help"] };
}

function bashScript(rows: readonly Row[]): string {
  const groups = new Map<string, string[]>();
  for (const { name } of rows) {
    const [first = "", second] = name.split(" ");
    groups.set(first, [...(groups.get(first) ?? []), ...(second === undefined ? [] : [second])]);
  }
  const cases = [
    `    "") words="${[...groups.keys()].join(" ")} --config --help" ;;`,
    ...[...groups]
      .filter(([, below]) => below.length > 0)
      .map(([group, below]) => `    "${group}") words="${below.join(" ")}" ;;`),
    ...rows.map(({ name, flags }) => `    "${name}") words="${flags.join(" ")}" ;;`),
  ];
  return `_community_stats() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command="" at word words
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    case "$word" in
      --config) at=$((at + 1)) ;;
      -*) ;;
      *) command="\${command:+$command }$word" ;;
    esac
  done
  while :; do
    case "$command" in
${cases.map((line) => `  ${line}`).join("\n")}
      *" "*) command="\${command% *}"; continue ;;
      *) words="" ;;
    esac
    break
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _community_stats community-stats
`;
}

function fishScript(rows: readonly Row[]): string {
  const lines = rows.flatMap(({ name, summary, flags }) => {
    const [first = "", second] = name.split(" ");
    const about = summary.replaceAll("'", String.raw`\'`);
    const head =
      second === undefined
        ? `complete -c community-stats -n __fish_use_subcommand -a ${first} -d '${about}'`
        : `complete -c community-stats -n '__fish_seen_subcommand_from ${first}' -a ${second} -d '${about}'`;
    const condition = name
      .split(" ")
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join("; and ");
    return [head, ...flags.map((flag) => `complete -c community-stats -n '${condition}' -l ${flag.slice(2)}`)];
  });
  const groups = new Set(rows.filter(({ name }) => name.includes(" ")).map(({ name }) => name.split(" ")[0]));
  return `${[...[...groups].map((group) => `complete -c community-stats -n __fish_use_subcommand -a ${group}`), ...lines].join("\n")}\n`;
}
