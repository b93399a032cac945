import type { AliasAction, EventIndex, EventType } from "../engine/event-indices.ts";

/** A month of one type of event. */
export interface MonthKey {
  readonly type: EventType;
  /** "2025-03". */
  readonly month: string;
}

/** How a month is migrated. */
export interface MonthPlan extends MonthKey {
  /** Where its events are now, the one that the repository writes to first; an event that several have is taken from the first. */
  readonly sources: readonly EventIndex[];
  readonly target: string;
  /** The target, where it is there already. */
  readonly existing: EventIndex | null;
}

/** The names that a month's indices have for others. */
export interface MonthNames {
  /** All months, for readers. */
  readonly read: string;
  /** This month, for the repository that writes. */
  readonly write: string;
}

export function keyText({ type, month }: MonthKey): string {
  return `${type} ${month}`;
}

/** Every month that has an index, ascending, views first. */
export function monthsOf(indices: readonly EventIndex[]): readonly MonthKey[] {
  const keys = new Map(indices.map(({ type, month }) => [`${month} ${type}`, { type, month }]));
  return [...keys].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

export interface Planning {
  readonly names: MonthNames;
  /** What the target is enriched with. */
  readonly configuration: string;
}

/**
 * Plans a month. Its target is the newest index with this very configuration; without one, the next version. All other indices of the month
 * are sources: what the repository writes, what the original or an earlier configuration has enriched, copies.
 */
export function planMonth(key: MonthKey, indices: readonly EventIndex[], planning: Planning): MonthPlan {
  const own = indicesOf(key, indices);
  const newest = own
    .filter((index) => index.form === "enriched" && index.configuration === planning.configuration)
    .toSorted((a, b) => (b.version ?? 0) - (a.version ?? 0))[0];
  return planFor(key, own, { existing: newest ?? null, names: planning.names });
}

/**
 * Plans a month whose target is the next version, whatever there is.
 * @returns `unseen` as well: what an earlier run has begun and nobody reads or writes yet. It goes, and its version is used again.
 */
export function planAnew(
  key: MonthKey,
  indices: readonly EventIndex[],
  planning: Planning,
): { readonly plan: MonthPlan; readonly unseen: EventIndex | null } {
  const { existing } = planMonth(key, indices, planning);
  const unseen = existing?.aliases.length === 0 ? existing : null;
  const left = indicesOf(key, indices).filter((index) => index !== unseen);
  return { unseen, plan: planFor(key, left, { existing: null, names: planning.names }) };
}

function indicesOf(key: MonthKey, indices: readonly EventIndex[]): readonly EventIndex[] {
  return indices.filter(({ type, month }) => type === key.type && month === key.month);
}

function planFor(
  key: MonthKey,
  own: readonly EventIndex[],
  { existing, names }: { readonly existing: EventIndex | null; readonly names: MonthNames },
): MonthPlan {
  const target = existing?.name ?? `${names.write}-v2.0.${nextVersion(own)}`;
  const sources = own.filter(({ name }) => name !== target).toSorted((a, b) => rank(a, names) - rank(b, names));
  return { ...key, sources, target, existing };
}

function nextVersion(indices: readonly EventIndex[]): number {
  return indices.reduce((next, { version }) => (version === null ? next : Math.max(next, version + 1)), 0);
}

/** Who is written to comes first; then what the repository wrote, what was enriched last, copies. */
function rank(index: EventIndex, names: MonthNames): number {
  if (isWritten(index, names)) return 0;
  if (index.form === "plain") return 1;
  return index.form === "enriched" ? 1_000_000 - (index.version ?? 0) : 2_000_000;
}

/** The repository's events of this month arrive here. */
export function isWritten({ name, aliases }: EventIndex, { write }: MonthNames): boolean {
  return name === write || aliases.includes(write);
}

/** Readers see the target, and none of the sources. */
export function isShown({ existing, sources }: MonthPlan, { read }: MonthNames): boolean {
  return existing !== null && existing.aliases.includes(read) && !sources.some(({ aliases }) => aliases.includes(read));
}

/**
 * What brings readers to the target, in one moment. The repository's own index keeps its name, so that nothing is deleted and nothing that
 * arrives meanwhile is lost; where its name is an alias already, the alias comes along.
 */
export function showing({ target, sources }: MonthPlan, { read, write }: MonthNames): readonly AliasAction[] {
  const seen = sources.filter(({ aliases }) => aliases.includes(read));
  const written = sources.filter(({ aliases }) => aliases.includes(write));
  return [
    { kind: "add", index: target, alias: read },
    ...seen.map(({ name }): AliasAction => ({ kind: "remove", index: name, alias: read })),
    ...written.map(({ name }): AliasAction => ({ kind: "remove", index: name, alias: write })),
    ...(written.length === 0 ? [] : [{ kind: "add", index: target, alias: write } as const]),
  ];
}

/** What lets the sources go and gives the repository's name to the target, in one moment. */
export function retiring({ target, sources }: MonthPlan, { write }: MonthNames): readonly AliasAction[] {
  return [
    ...sources.map(({ name }): AliasAction => ({ kind: "removeIndex", index: name })),
    { kind: "add", index: target, alias: write },
  ];
}
