import { Cron } from "croner";
import { z } from "zod";

/** When a job begins: at the times of five cron fields, or every so many seconds. */
export type Timing =
  | { readonly kind: "cron"; readonly name: string; readonly pattern: string }
  | { readonly kind: "every"; readonly name: string; readonly seconds: number };

/** Names as Celery has them, in the order of cron. */
const FIELDS = ["minute", "hour", "day_of_month", "month_of_year", "day_of_week"] as const;
const field = z.union([z.string().regex(/^[\da-z*/,-]+$/i, "no field of a schedule"), z.number().int().min(0)]);
const fields = z.strictObject({
  minute: field.optional(),
  hour: field.optional(),
  day_of_month: field.optional(),
  month_of_year: field.optional(),
  day_of_week: field.optional(),
});

/** Five cron fields as text, the same as a map of Celery's names, or seconds between two beginnings. */
const whenSchema = z.union([z.string(), z.number().min(60).max(31_622_400), fields], {
  error: "no schedule; write five cron fields (40 * * * *), a map of minute, hour, …, or seconds from 60 on",
});

const entrySchema = z.looseObject({ task: z.string().optional(), schedule: whenSchema });

/** A Celery beat schedule: entries by name. */
export const beatSchema = z.record(z.string().min(1), entrySchema).superRefine((entries, context) => {
  for (const [name, { schedule }] of Object.entries(entries)) {
    const problem = typeof schedule === "number" ? null : patternProblem(patternOf(schedule));
    if (problem !== null) context.addIssue({ code: "custom", message: problem, path: [name, "schedule"] });
  }
});
export type Beat = z.infer<typeof beatSchema>;

export const timeZoneSchema = z.string().refine(isTimeZone, "no time zone; write a name like Europe/Vienna, or UTC");

function isTimeZone(name: string): boolean {
  // What most installations have; asking the platform takes longer than all the rest of the configuration.
  if (name === "UTC") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    // The only way to ask which names the platform knows, aliases included.
    return false;
  }
}

function patternOf(schedule: string | z.infer<typeof fields>): string {
  if (typeof schedule === "string") return schedule.trim();
  return FIELDS.map((name) => String(schedule[name] ?? "*")).join(" ");
}

function patternProblem(pattern: string): string | null {
  try {
    const next = new Cron(pattern, { mode: "5-part", paused: true, domAndDow: true }).nextRun();
    return next === null ? `"${pattern}" names no time that ever comes` : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
    return `"${pattern}" is no schedule: ${reason}`;
  }
}

export function timingsOf(beat: Beat): readonly Timing[] {
  return Object.entries(beat).map(([name, { schedule }]) =>
    typeof schedule === "number"
      ? { kind: "every", name, seconds: schedule }
      : { kind: "cron", name, pattern: patternOf(schedule) },
  );
}

/** The entries of a joint schedule that make answers; the others count. */
export function isCachingEntry(name: string, { task = "" }: Beat[string]): boolean {
  return /cach/i.test(name) || /cach/i.test(task);
}
