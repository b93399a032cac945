/**
 * Does pieces of work and hands out their results in the order of the pieces.
 * @param most how many are begun before their turn has come.
 */
export async function* readAhead<T>(pieces: Iterable<() => Promise<T>>, most: number): AsyncGenerator<T> {
  const begun: Promise<T>[] = [];
  try {
    for (const piece of pieces) {
      const result = piece();
      // Whoever awaits it meets its failure.
      result.catch(() => undefined);
      begun.push(result);
      if (begun.length > most) yield* first(begun);
    }
    while (begun.length > 0) yield* first(begun);
  } finally {
    // Nothing goes on behind the back of who stops reading.
    await Promise.allSettled(begun);
  }
}

async function* first<T>(begun: Promise<T>[]): AsyncGenerator<T> {
  for (const result of begun.splice(0, 1)) yield await result;
}
