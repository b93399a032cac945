const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\n": "",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

/** The text of a Python string literal with its prefix and quotes; null where it is none. Braces of an f-string stand doubled. */
export function pythonString(literal: string): string | null {
  const match = /^([rbuf]*)("""|'''|"|')([\s\S]*)\2$/i.exec(literal);
  if (match === null) return null;
  const [, prefix = "", , inside = ""] = match;
  const body = /f/i.test(prefix) ? inside.replaceAll("{{", "{").replaceAll("}}", "}") : inside;
  return /r/i.test(prefix) ? body : unescaped(body);
}

function unescaped(body: string): string {
  return body.replace(
    /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|([\s\S]))/gi,
    (whole, ...[short, long, byte, single]: readonly (string | undefined)[]) => {
      const code = Number.parseInt(short ?? long ?? byte ?? "", 16);
      if (Number.isNaN(code)) return ESCAPES[single ?? ""] ?? single ?? "";
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}
