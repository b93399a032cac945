/** The value of a text that should be JSON; null where it is none, as where it says null. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
