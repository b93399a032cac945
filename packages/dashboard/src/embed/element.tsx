import { createRoot, type Root } from "react-dom/client";
import { enableShadowDOM } from "react-stately/private/flags/flags";
import { paceAnswers } from "../api/pacing.ts";
import type { PagePart } from "../layout/frame.ts";
import { chooseLocale, loadCatalogue } from "../messages/catalogue.ts";
import { createWords } from "../messages/words.ts";
import css from "../styles/index.css?inline";
import { Embedded } from "./Embedded.tsx";
import { shadowStyles } from "./shadow-styles.ts";

const ATTRIBUTES = ["scope", "layout", "view", "without", "lang", "service"] as const;
const PARTS: readonly PagePart[] = ["head", "controls"];

/** The clock that the script of the page gives. */
let clock: () => number = () => 0;
let sheet: CSSStyleSheet | null = null;

/** One sheet for all elements of a page. */
function styleSheet(): CSSStyleSheet {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(shadowStyles(css));
  }
  return sheet;
}

/** `<community-stats>`: see docs/embed.md. What is around it neither changes it nor is changed by it, but for custom properties. */
class CommunityStats extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;
  #root: Root | null = null;
  #drawing = 0;

  connectedCallback(): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [styleSheet()];
    void this.#draw(shadow);
  }

  disconnectedCallback(): void {
    this.#drawing += 1;
    this.#root?.unmount();
    this.#root = null;
  }

  attributeChangedCallback(): void {
    if (this.isConnected && this.shadowRoot !== null) void this.#draw(this.shadowRoot);
  }

  /** Of several changes at once only the last is drawn. */
  async #draw(shadow: ShadowRoot): Promise<void> {
    this.#drawing += 1;
    const drawing = this.#drawing;
    const locale = chooseLocale([this.closest("[lang]")?.getAttribute("lang"), ...navigator.languages]);
    const catalogue = await loadCatalogue(locale);
    if (drawing !== this.#drawing) return;
    const words = createWords(locale, catalogue, false);
    const [root, layers] = [document.createElement("div"), document.createElement("div")];
    for (const element of [root, layers]) {
      element.dir = words.direction;
      element.lang = locale;
    }
    root.className = "cs-root";
    this.#root?.unmount();
    shadow.replaceChildren(root, layers);
    this.#root = createRoot(root);
    this.#root.render(
      <Embedded
        service={(this.getAttribute("service") ?? new URL("..", import.meta.url).href).replace(/\/+$/, "")}
        scope={this.getAttribute("scope") ?? "global"}
        layout={this.getAttribute("layout")}
        view={(this.getAttribute("view") ?? "").replace(/^\?/, "")}
        without={new Set(PARTS.filter((part) => (this.getAttribute("without") ?? "").split(/\s+/).includes(part)))}
        words={(binarySizes) => createWords(locale, catalogue, binarySizes)}
        root={root}
        layers={layers}
        now={clock}
      />,
    );
  }
}

/** Once per page, however often the script is loaded. */
export function define(now: () => number): void {
  if (customElements.get("community-stats") !== undefined) return;
  clock = now;
  enableShadowDOM();
  paceAnswers();
  customElements.define("community-stats", CommunityStats);
}
