/**
 * What the work makes of each item, in their order. The next item is fetched and worked on while the caller is at the present one, so that
 * it need not be waited for; whoever stops early does not wait for it either.
 */
export async function* ahead<T, U>(items: AsyncIterable<T>, work: (item: T) => Promise<U>): AsyncGenerator<U> {
  const iterator = items[Symbol.asyncIterator]();
  const begin = async (): Promise<{ readonly made: U } | null> => {
    const { done, value } = await iterator.next();
    return done === true ? null : { made: await work(value) };
  };
  for (let coming = begin(); ;) {
    const present = await coming;
    if (present === null) return;
    coming = begin();
    // Whoever awaits it meets its failure.
    coming.catch(() => undefined);
    yield present.made;
  }
}
