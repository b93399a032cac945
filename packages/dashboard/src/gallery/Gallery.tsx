import { layoutEditorPath } from "@community-stats/contract/tool-pages.ts";
import { WIDGET_PROPS } from "@community-stats/contract/widget-props.ts";
import { WIDGETS, type WidgetSpec } from "@community-stats/contract/widgets.ts";
import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { Shell } from "../layout/Shell.tsx";
import { WidgetView } from "../layout/WidgetView.tsx";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { SearchLine } from "../ui/SearchLine.tsx";
import { Textures } from "../ui/Textures.tsx";

interface Entry {
  readonly name: string;
  readonly spec: WidgetSpec;
  /** The name whose row it shares; null for the first of that row. */
  readonly same: string | null;
}

const ENTRIES: readonly Entry[] = [...WIDGETS].map(([name, spec]) => {
  const first = [...WIDGETS].find(([, known]) => known === spec)?.[0] ?? name;
  return { name, spec, same: first === name ? null : first };
});

/** Every name of the table of widgets, each drawn when it is looked at. */
export function Gallery(): ReactNode {
  const words = useWords();
  const { config, address } = usePage();
  const [wanted, setWanted] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const found = ENTRIES.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  const count = words.text("gallery.count", { count: found.length, n: words.numbers.full(found.length) });
  return (
    <Shell>
      <main className="page gallery" id="stats-main">
        <Textures />
        <header className="page-head">
          <h1>{words.text("gallery.title")}</h1>
          <p className="page-text">
            {words.text("gallery.text")}{" "}
            <a href={`${layoutEditorPath(config.globalPath)}${address()}`}>{words.text("layoutEditor.title")}</a>
          </p>
        </header>
        <div className="gallery-search">
          <SearchLine
            label={words.text("gallery.search")}
            value={wanted}
            onChange={setWanted}
            found={found.length === 0 ? words.text("gallery.none") : count}
          />
        </div>
        <div className="gallery-list">
          {found.map((entry) => (
            <Exhibit key={entry.name} entry={entry} />
          ))}
        </div>
      </main>
    </Shell>
  );
}

function Exhibit({ entry }: { readonly entry: Entry }): ReactNode {
  const words = useWords();
  const { name, spec, same } = entry;
  const place = useRef<HTMLElement>(null);
  const seen = useSeen(place);
  const props = WIDGET_PROPS.filter(({ kinds }) => kinds.includes(spec.kind));
  const wide = spec.kind === "chart" || spec.kind === "map";
  return (
    <article
      className={`exhibit exhibit-${spec.kind} ${wide ? "wide" : ""}`}
      id={name}
      ref={place}
      aria-labelledby={`${name}-name`}
    >
      <h2 id={`${name}-name`}>
        <code>{name}</code>
      </h2>
      {same === null ? null : <p className="sub">{words.text("gallery.same", { name: same })}</p>}
      {props.length === 0 ? null : (
        <p className="sub">
          {words.text("gallery.props")}: <code>{props.map((prop) => prop.name).join(", ")}</code>
        </p>
      )}
      <div className="exhibit-widget">
        {seen ? <WidgetView placed={{ id: name, name, spec, props: EXAMPLES[spec.kind] ?? {} }} /> : null}
      </div>
    </article>
  );
}

const EXAMPLES: Readonly<Partial<Record<WidgetSpec["kind"], Readonly<Record<string, unknown>>>>> = {
  text: { title: "About these numbers", text: "A paragraph of plain text.\n\nAnd another one." },
};

/** Once it has come near the window it stays drawn; for paper everything is. */
function useSeen(place: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null || seen) return undefined;
    const observer = new IntersectionObserver(
      (entries) => setSeen((before) => before || entries.some(({ isIntersecting }) => isIntersecting)),
      { rootMargin: "300px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, seen]);
  return seen;
}
