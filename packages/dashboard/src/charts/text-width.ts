const NARROW = " .,:;!|'’iIjlft()[]·\u00a0\u202f";
const BROAD = "mwMW@%…—";
/** First and last code of the scripts whose characters fill a square. */
const SQUARE: readonly (readonly [number, number])[] = [
  [0x1100, 0x11ff],
  [0x2e80, 0x9fff],
  [0xa960, 0xa97f],
  [0xac00, 0xd7ff],
  [0xf900, 0xfaff],
  [0xff00, 0xff60],
  [0x1f300, 0x3ffff],
];

/** In parts of the size of the type, as system faces have it on average. */
function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (SQUARE.some(([first, last]) => code >= first && code <= last)) return 1.05;
  if (BROAD.includes(character)) return 0.95;
  if (NARROW.includes(character)) return 0.38;
  return character === character.toLowerCase() ? 0.58 : 0.72;
}

/** About how wide a text is, in pixels; rather too wide than too narrow. Measuring would make the browser lay out the page. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * size;
}

/** As much of the text as has room, and an ellipsis where that is not all. */
export function fitted(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  let left = room - characterWidth("…") * size;
  let kept = "";
  for (const character of text) {
    left -= characterWidth(character) * size;
    if (left < 0) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
