import { nextTask } from "../api/next-task.ts";

/** On a slow machine much more passes before the clock is looked at again. */
const PIECE_MS = 8;

/** What an iterable makes, in tasks that are short. @param goesOn whether anybody still waits for it; otherwise the answer is null. */
export async function inPieces<T>(items: Iterable<T>, goesOn: () => boolean): Promise<readonly T[] | null> {
  const made: T[] = [];
  let end = performance.now() + PIECE_MS;
  for (const item of items) {
    made.push(item);
    if (performance.now() < end) continue;
    await nextTask();
    if (!goesOn()) return null;
    end = performance.now() + PIECE_MS;
  }
  return made;
}
