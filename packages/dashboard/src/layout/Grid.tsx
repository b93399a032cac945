import type { CSSProperties, ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { CardBoundary } from "../ui/CardBoundary.tsx";
import { LayoutNotes } from "../widgets/LayoutNotes.tsx";
import { Placeholder } from "../widgets/Placeholder.tsx";
import { StatWidget } from "../widgets/StatWidget.tsx";
import type { ArrangedTab, Columns, Place } from "./arrange.ts";
import { WidgetView } from "./WidgetView.tsx";

/** The parts of one tab on sixteen columns. */
export function Grid({ tab }: { readonly tab: ArrangedTab }): ReactNode {
  return (
    <div className={`stats-dashboard-content ${tab.name}`}>
      {tab.rows.map((row, index) => (
        <div key={`${row.name} ${index}`} className={`stats-dashboard-row ${row.name}`}>
          {row.places.map((place) => (
            <PlaceView key={place.kind === "widget" ? place.placed.id : place.id} place={place} />
          ))}
        </div>
      ))}
    </div>
  );
}

function PlaceView({ place }: { readonly place: Place }): ReactNode {
  const { state } = usePage();
  const words = useWords();
  const isHidden = (id: string): boolean => state.widgets[id]?.["hidden"] === "1";
  switch (place.kind) {
    case "stats": {
      const stats = place.stats.filter(({ id }) => !isHidden(id));
      if (stats.length === 0) return null;
      return (
        <>
          <CardBoundary name={words.metricTitle({ side: "usage", name: "views" })}>
            <dl className="stats" style={countStyle(stats.length)}>
              {stats.map((placed) => (
                <StatWidget key={placed.id} placed={placed} />
              ))}
            </dl>
          </CardBoundary>
          <LayoutNotes of={stats} />
        </>
      );
    }
    case "unknown":
      return (
        <div className="place" style={columnStyle(place.columns, { tablet: 16 })}>
          <Placeholder name={place.name} />
        </div>
      );
    case "widget":
      return isHidden(place.placed.id) ? null : (
        <div
          className={`place place-${place.placed.spec.kind}`}
          style={columnStyle(place.columns, { tablet: place.placed.spec.kind === "breakdown" ? 8 : 16 })}
          data-widget={place.placed.name}
        >
          <WidgetView placed={place.placed} />
          <LayoutNotes of={[place.placed]} />
        </div>
      );
  }
}

type Variables = CSSProperties & Readonly<Record<`--${string}`, number>>;

function columnStyle(columns: Columns, fallback: { readonly tablet: number }): Variables {
  return { "--wide": columns.wide, "--tablet": columns.tablet ?? fallback.tablet, "--mobile": columns.mobile ?? 16 };
}

function countStyle(count: number): Variables {
  return { "--count": Math.min(count, 5), "--count-tablet": count === 5 || count === 3 ? 3 : 2 };
}
