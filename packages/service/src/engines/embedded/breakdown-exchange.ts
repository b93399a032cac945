import type { BreakdownExchange, Restatement } from "../../engine/rollup-store.ts";
import type { Prepare } from "./statements.ts";

/** No generation has this number. */
const NOWHERE = 0;

/** Part of the caller's transaction. Series and labels change hands as they are: no number is read or written. */
export function takeBreakdowns(prepare: Prepare, generation: number, exchange: BreakdownExchange): void {
  const { breakdowns, ruleVersion, rules, restatement } = exchange;
  for (const table of ["series", "label"]) {
    const move = prepare(`UPDATE ${table} SET generation = ? WHERE generation = ? AND breakdown = ?`);
    for (const name of breakdowns) {
      move.run(NOWHERE, generation, name);
      move.run(generation, exchange.with, name);
      move.run(exchange.with, NOWHERE, name);
    }
  }
  prepare("UPDATE generation SET rule = ?, rules = ? WHERE id = ?").run(ruleVersion, rules, generation);
  if (restatement !== null) logRestatement(prepare, restatement);
}

/** Part of the caller's transaction. */
export function logRestatement(prepare: Prepare, { at, fromRule, toRule, detail }: Restatement): void {
  const add = prepare("INSERT INTO restatement (at, from_rule, to_rule, detail) VALUES (?, ?, ?, ?)");
  add.run(at, fromRule, toRule, detail);
}
