import type { AppendCount, AppendReport } from "../engine/facts.ts";
import type { IngestKind } from "./kinds.ts";

/** How often one reason was met and where first. */
export interface Tally {
  readonly reason: string;
  readonly count: number;
  /** The first five line numbers. */
  readonly lines: readonly number[];
}

/**
 * What became of one input. Lines read are accepted, known, superseded, skipped or rejected; only a membership line that also tells of the
 * deletion of its record is two facts.
 */
export interface FileReport {
  readonly file: string;
  readonly kind: IngestKind | null;
  /** Lines that are not empty. */
  readonly read: number;
  readonly accepted: number;
  /** Already there, in the store or earlier in the input. */
  readonly known: number;
  readonly superseded: number;
  readonly skipped: readonly Tally[];
  readonly rejected: readonly Tally[];
  readonly warnings: readonly Tally[];
  /** The compressed data end early or are damaged: what came before was taken. */
  readonly truncated: boolean;
  readonly interrupted: boolean;
  /** Where the rejected lines are; null without any, and in a dry run. */
  readonly rejects: string | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly seconds: number;
}

export interface IngestTotals {
  readonly read: number;
  readonly accepted: number;
  readonly known: number;
  readonly superseded: number;
  readonly skipped: number;
  readonly rejected: number;
}

export interface IngestReport {
  /** done: every line was used or rightly left out. partial: lines were rejected or the run was interrupted. failed: an input could not be read, or not to its end. */
  readonly state: "done" | "partial" | "failed";
  readonly interrupted: boolean;
  readonly dryRun: boolean;
  readonly files: readonly FileReport[];
  readonly totals: IngestTotals;
  readonly seconds: number;
}

export interface IngestProgress {
  readonly file: string;
  readonly bytesRead: number;
  /** 0 where nobody knows. */
  readonly bytesTotal: number;
  readonly lines: number;
}

const LINES_NAMED = 5;

/** Counts reasons and remembers where each was met first. */
export class TallyBook {
  readonly #entries = new Map<string, { count: number; lines: number[] }>();

  add(reason: string, line: number, count = 1): void {
    const entry = this.#entries.get(reason) ?? { count: 0, lines: [] };
    entry.count += count;
    if (entry.lines.length < LINES_NAMED) entry.lines.push(line);
    this.#entries.set(reason, entry);
  }

  /** @param offset what the line numbers of the tallies lack. */
  addAll(tallies: readonly Tally[], offset: number): void {
    for (const { reason, count, lines } of tallies) {
      const [first = 0, ...others] = lines.map((line) => line + offset);
      this.add(reason, first, count);
      const entry = this.#entries.get(reason);
      entry?.lines.push(...others.slice(0, LINES_NAMED - entry.lines.length));
    }
  }

  get count(): number {
    return Array.from(this.#entries.values()).reduce((sum, { count }) => sum + count, 0);
  }

  /** Most frequent first. */
  tallies(): readonly Tally[] {
    return Array.from(this.#entries, ([reason, { count, lines }]) => ({ reason, count, lines: [...lines] })).toSorted(
      (a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1),
    );
  }
}

export const NOTHING: AppendCount = { accepted: 0, known: 0, superseded: 0 };

export function addCounts(a: AppendCount, b: AppendCount): AppendCount {
  return {
    accepted: a.accepted + b.accepted,
    known: a.known + b.known,
    superseded: a.superseded + b.superseded,
  };
}

/** All kinds of one append together: a batch holds one. */
export function countOf(report: AppendReport): AppendCount {
  return [report.events, report.records, report.memberships, report.communities].reduce(addCounts, NOTHING);
}

interface Run {
  readonly signal?: AbortSignal | undefined;
  readonly dryRun?: boolean | undefined;
  readonly now: () => number;
}

/** What a run did that began at `started`. */
export function reportOf(files: readonly FileReport[], { signal, dryRun, now }: Run, started: number): IngestReport {
  const interrupted = signal?.aborted === true;
  const state = stateOf(files);
  return {
    state: interrupted && state === "done" ? "partial" : state,
    interrupted,
    dryRun: dryRun === true,
    files,
    totals: totalsOf(files),
    seconds: (now() - started) / 1000,
  };
}

function totalsOf(files: readonly FileReport[]): IngestTotals {
  const sum = (value: (file: FileReport) => number): number => files.reduce((total, file) => total + value(file), 0);
  return {
    read: sum((file) => file.read),
    accepted: sum((file) => file.accepted),
    known: sum((file) => file.known),
    superseded: sum((file) => file.superseded),
    skipped: sum((file) => tallied(file.skipped)),
    rejected: sum((file) => tallied(file.rejected)),
  };
}

export function tallied(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { count }) => sum + count, 0);
}

function stateOf(files: readonly FileReport[]): IngestReport["state"] {
  if (files.some((file) => file.error !== null || file.truncated)) return "failed";
  return files.some((file) => file.interrupted || file.rejected.length > 0) ? "partial" : "done";
}
