import type Database from "better-sqlite3";
import { LEFT_SHARE } from "./kept-answers.ts";

/** Once all bodies together pass the limit, what cannot be reached any more goes first, then what was not used for longest. */
export function evict(
  database: Database.Database,
  { maxBytes, state }: { readonly maxBytes: number; readonly state: string },
): void {
  const total = totalBytes(database);
  if (total <= maxBytes) return;
  let over = total - maxBytes * LEFT_SHARE;
  const remove = database.prepare("DELETE FROM entries WHERE id = ?");
  const candidates = database
    .prepare<[string], { id: number; bytes: number }>(
      "SELECT id, bytes FROM entries INDEXED BY entries_by_use ORDER BY state = ?, used_at, id",
    )
    .all(state);
  for (const { id, bytes } of candidates) {
    if (over <= 0) return;
    remove.run(id);
    over -= bytes;
  }
}

function totalBytes(database: Database.Database): number {
  return database.prepare<[], { n: number }>("SELECT coalesce(sum(bytes), 0) n FROM entries").get()?.n ?? 0;
}
