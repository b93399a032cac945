import type { Label } from "@community-stats/contract/documents.ts";

/** English where a label has several languages, else the first one; the id where it is empty. */
export function plainLabel(label: Label, id: string): string {
  const text = typeof label === "string" ? label : (label["en"] ?? Object.values(label)[0] ?? "");
  return text === "" ? id : text;
}

/** Each reading begins anew. */
export function iterable<T>(begin: () => Iterable<T>): Iterable<T> {
  return { [Symbol.iterator]: () => begin()[Symbol.iterator]() };
}

/** The same of what is counted. */
export function counted<T>(length: number, begin: () => Iterable<T>): Iterable<T> & { readonly length: number } {
  return { length, ...iterable(begin) };
}
