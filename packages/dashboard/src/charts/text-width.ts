/** Widths of characters in parts of the size of the type, as system faces have them on average. */
const WIDE =
  /[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60\p{Extended_Pictographic}]/u;
const NARROW = /[\s.,:;!|'’iIjlft()[\]·]/;
const BROAD = /[mwMW@%…—]/;
const CAPITAL = /\p{Lu}/u;

function characterWidth(character: string): number {
  if (WIDE.test(character)) return 1.05;
  if (BROAD.test(character)) return 0.95;
  if (NARROW.test(character)) return 0.38;
  return CAPITAL.test(character) ? 0.72 : 0.58;
}

/** About how wide a text is, in pixels; rather too wide than too narrow. Measuring would make the browser lay out the page. */
export function textWidth(text: string, size: number): number {
  return Array.from(text).reduce((sum, character) => sum + characterWidth(character), 0) * size;
}

/** As much of the text as has room, and an ellipsis where that is not all. */
export function fitted(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  let left = room - characterWidth("…") * size;
  const kept: string[] = [];
  for (const character of text) {
    left -= characterWidth(character) * size;
    if (left < 0) break;
    kept.push(character);
  }
  return `${kept.join("").trimEnd()}…`;
}
