import type { CSSProperties, ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { CardBoundary } from "../ui/CardBoundary.tsx";
import { HostWidget } from "../widgets/HostWidget.tsx";
import { LayoutNotes } from "../widgets/LayoutNotes.tsx";
import { Placeholder } from "../widgets/Placeholder.tsx";
import { StatWidget } from "../widgets/StatWidget.tsx";
import type { ArrangedTab, Columns, Place } from "./arrange.ts";
import { tabletColumns } from "./tablet-columns.ts";
import { WidgetView } from "./WidgetView.tsx";

/** The parts of one tab on sixteen columns. */
export function Grid({ tab }: { readonly tab: ArrangedTab }): ReactNode {
  const { state } = usePage();
  const isHidden = (id: string): boolean => state.widgets[id]?.["hidden"] === "1";
  return (
    <div className={`stats-dashboard-content ${tab.name}`}>
      {tab.rows.map((row, index) => (
        <div key={`${row.name} ${index}`} className={`stats-dashboard-row ${row.name}`}>
          <Row places={row.places.flatMap((place) => shownPart(place, isHidden))} />
        </div>
      ))}
    </div>
  );
}

/** What is left of a place when the parts that were put away are gone. */
function shownPart(place: Place, isHidden: (id: string) => boolean): readonly Place[] {
  if (place.kind === "widget") return isHidden(place.placed.id) ? [] : [place];
  if (place.kind === "unknown" || place.kind === "host") return [place];
  const stats = place.stats.filter(({ id }) => !isHidden(id));
  return stats.length === 0 ? [] : [{ ...place, stats }];
}

function Row({ places }: { readonly places: readonly Place[] }): ReactNode {
  const tablet = tabletColumns(places);
  return places.map((place, index) => (
    <PlaceView
      key={place.kind === "widget" ? place.placed.id : place.id}
      place={place}
      tablet={tablet[index] ?? ALL_COLUMNS}
    />
  ));
}

const ALL_COLUMNS = 16;

function PlaceView({ place, tablet }: { readonly place: Place; readonly tablet: number }): ReactNode {
  const words = useWords();
  switch (place.kind) {
    case "stats": {
      const { stats } = place;
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
    case "host":
      return (
        <div className="place" style={columnStyle(place.columns, tablet)} data-widget={place.name}>
          <CardBoundary name={place.name}>
            <HostWidget name={place.name} props={place.props} />
          </CardBoundary>
        </div>
      );
    case "unknown":
      return (
        <div className="place" style={columnStyle(place.columns, tablet)}>
          <Placeholder name={place.name} />
        </div>
      );
    case "widget":
      return (
        <div
          className={`place place-${place.placed.spec.kind}`}
          style={columnStyle(place.columns, tablet)}
          data-widget={place.placed.name}
        >
          <WidgetView placed={place.placed} />
          <LayoutNotes of={[place.placed]} />
        </div>
      );
  }
}

type Variables = CSSProperties & Readonly<Record<`--${string}`, number>>;

function columnStyle(columns: Columns, tablet: number): Variables {
  return { "--wide": columns.wide, "--tablet": tablet, "--mobile": columns.mobile ?? ALL_COLUMNS };
}

function countStyle(count: number): Variables {
  return { "--count": Math.min(count, 5), "--count-tablet": count === 5 || count === 3 ? 3 : 2 };
}
