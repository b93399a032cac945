import { type Day, parseDay } from "@community-stats/contract/days.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import type { CommandInput } from "./command.ts";

type Options = CommandInput["options"];

/** The day of an option, or null where it is not given. @throws UsageError for anything that is no day. */
export function dayOption(options: Options, name: string): Day | null {
  const value = options[name];
  if (typeof value !== "string") return null;
  const day = parseDay(value.slice(0, 10));
  if (day !== null && /^.{10}(T.*)?$/.test(value)) return day;
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(
    `--${flag} ${JSON.stringify(value)} is not a day.`,
    "Write it as YYYY-MM-DD, for example 2025-03-31.",
  );
}

/** The values of a repeatable option. */
export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function textOption(options: Options, name: string): string | null {
  const value = options[name];
  return typeof value === "string" ? value : null;
}

/** A whole number. @throws UsageError for anything else, and for what is out of bounds. */
export function wholeOption(
  options: Options,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | null {
  const value = options[name];
  if (value === undefined) return null;
  const number = /^\d{1,15}$/.test(String(value)) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(
    `--${flag} ${JSON.stringify(value)} is no whole number from ${least} to ${most}.`,
    `Give a number, for example --${flag} ${least}.`,
  );
}
