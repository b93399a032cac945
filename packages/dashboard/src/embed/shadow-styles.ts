const CONDITION = /@(?:media|container)[^{]*/g;
const REM = /(?<![\w.#-])(\d*\.?\d+)rem\b/g;
const PX_OF_REM = 16;

/** What makes the element look the same on every page: nothing is inherited but the colour scheme, and no size hangs on the page's own. */
const HOST = `:host{all:initial;display:block;--cs-rem:16px}:host(:not([data-theme])){color-scheme:inherit}:host([hidden]){display:none}`;

/**
 * The styles of a page as those of a shadow root. Tokens hang on the host instead of the root of the page. `rem` follows the page around,
 * so lengths become multiples of `--cs-rem`; in conditions, which take no properties, they become pixels.
 */
export function shadowStyles(css: string): string {
  const hosted = css.replaceAll(/:root((?:\[[^\]]*\])*)/g, (_, attributes: string) =>
    attributes === "" ? ":host" : `:host(${attributes})`,
  );
  let done = 0;
  let text = "";
  for (const match of hosted.matchAll(CONDITION)) {
    text += multiples(hosted.slice(done, match.index)) + pixels(match[0]);
    done = match.index + match[0].length;
  }
  return `${text}${multiples(hosted.slice(done))}\n${HOST}`;
}

function multiples(css: string): string {
  return css.replaceAll(REM, "calc($1*var(--cs-rem))");
}

function pixels(condition: string): string {
  return condition.replaceAll(REM, (_, count: string) => `${Number(count) * PX_OF_REM}px`);
}
