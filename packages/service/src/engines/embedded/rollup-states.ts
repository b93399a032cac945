import type { DayNumber } from "@community-stats/contract/days.ts";
import type { FirstDay, Generation, Progress, Restatement, RollupKind } from "../../engine/rollup-store.ts";
import type { ReadMemory } from "./read-memory.ts";
import type { Prepare } from "./statements.ts";

interface GenerationRow {
  readonly id: number;
  readonly rule: string;
  readonly rules: string;
  readonly live: number;
}
interface ProgressRow {
  readonly through: number | null;
  readonly counted: number | null;
  readonly record_seq: number;
  readonly failed_scopes: string;
  readonly updated: number | null;
}

const NEW: Progress = { through: null, counted: null, recordSeq: -1, failedScopes: [], updatedAt: null };

/**
 * What every answer asks first: which generations there are, which one is live, how far it goes. Read through the memory; what is written is
 * part of the caller's transaction.
 */
export class RollupStates {
  readonly #sql: Prepare;
  readonly #memory: ReadMemory;

  constructor(sql: Prepare, memory: ReadMemory) {
    this.#sql = sql;
    this.#memory = memory;
  }

  generations(): readonly Generation[] {
    return this.#memory.of("generations", () => {
      const rows = this.#sql("SELECT * FROM generation ORDER BY id").all() as GenerationRow[];
      return rows.map(({ id, rule, rules, live }) => ({ id, ruleVersion: rule, rules, live: live === 1 }));
    });
  }

  addGeneration(ruleVersion: string, rules: string): Generation {
    const insert = this.#sql("INSERT INTO generation (rule, rules, live) VALUES (?, ?, 0)");
    const id = Number(insert.run(ruleVersion, rules).lastInsertRowid);
    return { id, ruleVersion, rules, live: false };
  }

  activate(generation: number): void {
    this.#sql("UPDATE generation SET live = (id = ?)").run(generation);
  }

  restatements(): readonly Restatement[] {
    return this.#sql(
      "SELECT at, from_rule AS fromRule, to_rule AS toRule, detail FROM restatement ORDER BY id",
    ).all() as Restatement[];
  }

  progress(generation: number): Progress {
    return this.#memory.of(`progress ${generation}`, () => this.#readProgress(generation));
  }

  #readProgress(generation: number): Progress {
    const row = this.#sql("SELECT * FROM progress WHERE generation = ?").get(generation) as ProgressRow | undefined;
    if (row === undefined) return NEW;
    return {
      through: row.through as DayNumber | null,
      counted: row.counted as DayNumber | null,
      recordSeq: row.record_seq,
      failedScopes: JSON.parse(row.failed_scopes) as number[],
      updatedAt: row.updated,
    };
  }

  putProgress(generation: number, { through, counted, recordSeq, failedScopes, updatedAt }: Progress): void {
    const put = this.#sql("INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?)");
    put.run(generation, through, counted, recordSeq, JSON.stringify(failedScopes), updatedAt);
  }

  firstDays(generation: number, kind: RollupKind): readonly FirstDay[] {
    return this.#memory.of(`first days ${generation} ${kind}`, () => {
      const select = this.#sql(
        "SELECT kind, scope, day FROM first_day WHERE generation = ? AND kind = ? ORDER BY scope",
      );
      return select.all(generation, kind) as FirstDay[];
    });
  }

  putFirstDays(generation: number, kind: RollupKind, days: readonly FirstDay[]): void {
    this.#sql("DELETE FROM first_day WHERE generation = ? AND kind = ?").run(generation, kind);
    const add = this.#sql("INSERT INTO first_day VALUES (?, ?, ?, ?)");
    for (const { scope, day } of days) add.run(generation, kind, scope, day);
  }
}
