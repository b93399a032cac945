/** Text for element content and attributes; characters that XML 1.0 does not allow become U+FFFD. */
export function xmlText(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters that XML forbids
  const legal = text.toWellFormed().replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD");
  return legal.replaceAll(/[<>&"'\n\r\t]/g, (letter) => ENTITIES[letter] ?? letter);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&#39;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};
