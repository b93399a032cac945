/** Colours of the tokens as the browser resolved them, for drawings that cannot use custom properties. */
export interface Palette {
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly surface: string;
  readonly grid: string;
  readonly axis: string;
  readonly compare: string;
  readonly hatch: string;
  readonly hatchGround: string;
  readonly weave: string;
  readonly land: string;
  readonly coast: string;
  /** Slots 1–12. */
  readonly series: readonly string[];
  readonly other: string;
  /** Classes 1–6, from little to much. */
  readonly sequence: readonly string[];
  readonly font: string;
  /** Textures on every slot: print, forced colours, high contrast. */
  readonly allTextures: boolean;
}

const PLAIN = {
  ink: "--cs-ink",
  ink2: "--cs-ink-2",
  ink3: "--cs-ink-3",
  surface: "--cs-surface",
  grid: "--cs-grid",
  axis: "--cs-axis",
  compare: "--cs-compare",
  hatch: "--cs-hatch",
  hatchGround: "--cs-hatch-ground",
  weave: "--cs-weave",
  land: "--cs-land",
  coast: "--cs-coast",
  other: "--cs-series-other",
} as const;

const SERIES = "--cs-series";
const SERIES_COUNT = 12;
const SEQUENCE = "--cs-seq";
const SEQUENCE_COUNT = 6;
const TOKENS: readonly string[] = [
  ...Object.values(PLAIN),
  ...Array.from({ length: SERIES_COUNT }, (_, index) => `${SERIES}-${index + 1}`),
  ...Array.from({ length: SEQUENCE_COUNT }, (_, index) => `${SEQUENCE}-${index + 1}`),
];

function probeOf(token: string): HTMLElement {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  return probe;
}

const TEXTURED = "print, (forced-colors: active), (prefers-contrast: more)";

/** Resolves the tokens on probes inside `host`, so that a theme set on any ancestor counts. */
export function readPalette(host: HTMLElement, printing: boolean): Palette {
  const probe = document.createElement("i");
  probe.style.display = "none";
  if (printing) probe.style.colorScheme = "light";
  // One probe per token: one that changed its colour would make the browser compute all styles anew each time.
  const probes = new Map(TOKENS.map((token) => [token, probeOf(token)]));
  probe.append(...probes.values());
  host.append(probe);
  const resolve = (token: string): string => {
    const found = probes.get(token);
    return found === undefined ? "" : getComputedStyle(found).color;
  };
  const numbered = (token: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => resolve(`${token}-${index + 1}`));
  const plain = Object.fromEntries(Object.entries(PLAIN).map(([name, token]) => [name, resolve(token)]));
  const palette: Palette = {
    ...EMPTY,
    ...plain,
    series: numbered(SERIES, SERIES_COUNT),
    sequence: numbered(SEQUENCE, SEQUENCE_COUNT),
    // The drawing as a document puts it between double quotes.
    font: getComputedStyle(host).fontFamily.replaceAll('"', "'"),
    allTextures: printing || matchMedia(TEXTURED).matches,
  };
  probe.remove();
  return palette;
}

export const EMPTY: Palette = {
  ink: "",
  ink2: "",
  ink3: "",
  surface: "",
  grid: "",
  axis: "",
  compare: "",
  hatch: "",
  hatchGround: "",
  weave: "",
  land: "",
  coast: "",
  series: [],
  other: "",
  sequence: [],
  font: "sans-serif",
  allTextures: false,
};

const THEME_QUERIES = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"] as const;

/** Calls back whenever the colours may have changed; the answer stops that. */
export function onThemeChange(changed: () => void, host: Node | null): () => void {
  const queries = THEME_QUERIES.map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", changed);
  const observer = new MutationObserver(changed);
  const options = { attributes: true, attributeFilter: ["data-theme", "class", "style"] };
  observer.observe(document.documentElement, options);
  const root = host?.getRootNode();
  if (root instanceof ShadowRoot) observer.observe(root.host, options);
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
    observer.disconnect();
  };
}
