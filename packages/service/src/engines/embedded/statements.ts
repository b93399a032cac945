import type Database from "better-sqlite3";

/** Prepares each statement of a database once. */
export type Prepare = (text: string) => Database.Statement;

export function statementsOf(database: Database.Database): Prepare {
  const known = new Map<string, Database.Statement>();
  return (text) => {
    const prepared = known.get(text) ?? database.prepare(text);
    known.set(text, prepared);
    return prepared;
  };
}
