import type { DayNumber } from "@community-stats/contract/days.ts";

/** One listed file of one day. */
export interface EventFile {
  readonly path: string;
  readonly day: DayNumber;
  readonly rows: number;
  readonly bytes: number;
}
export interface WrittenFile extends EventFile {
  readonly generated: boolean;
}
