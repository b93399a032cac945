/** Arguments of a call, each as data. */
export interface CallArguments {
  readonly positional: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
}

/** Calls that stand for data, by the last part of their name. They give undefined for arguments that they do not take. */
export const KNOWN_CALLS: Readonly<Record<string, (args: CallArguments) => unknown>> = {
  _: translated,
  gettext: translated,
  lazy_gettext: translated,
  crontab,
  timedelta,
};

function translated({ positional: [text, ...more] }: CallArguments): string | undefined {
  return typeof text === "string" && more.length === 0 ? text : undefined;
}

const CRON_FIELDS = ["minute", "hour", "day_of_week", "day_of_month", "month_of_year"] as const;
type CronField = (typeof CRON_FIELDS)[number];

/** The five fields as cron has them: minute, hour, day of month, month, day of week. */
function crontab(args: CallArguments): string | undefined {
  const given = byName(args, CRON_FIELDS);
  if (given === undefined) return undefined;
  const field = (name: CronField) => cronField(given[name] ?? "*");
  const fields = [field("minute"), field("hour"), field("day_of_month"), field("month_of_year"), field("day_of_week")];
  return fields.includes(undefined) ? undefined : fields.join(" ");
}

function cronField(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.map(String).join(",") : String(value);
  return /^[\da-z*/,-]+$/i.test(text) ? text : undefined;
}

const SECONDS: Readonly<Record<string, number>> = {
  days: 86_400,
  seconds: 1,
  microseconds: 1e-6,
  milliseconds: 1e-3,
  minutes: 60,
  hours: 3600,
  weeks: 604_800,
};

/** In seconds. */
function timedelta(args: CallArguments): number | undefined {
  const given = byName(args, Object.keys(SECONDS));
  if (given === undefined) return undefined;
  const parts = Object.entries(given).map(([unit, value]) =>
    typeof value === "number" ? value * (SECONDS[unit] ?? 0) : Number.NaN,
  );
  const sum = parts.reduce((total, part) => total + part, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

function byName(
  { positional, named }: CallArguments,
  names: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  if (positional.length > names.length || Object.keys(named).some((name) => !names.includes(name))) return undefined;
  const first = Object.fromEntries(positional.map((value, at) => [names[at] ?? "", value]));
  return { ...first, ...named };
}
