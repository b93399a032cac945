import type { ControlSpec } from "@community-stats/contract/widgets.ts";
import { memo, type CSSProperties, type ReactNode } from "react";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { GranularityControl } from "../ui/GranularityControl.tsx";
import { PeriodControl } from "../ui/PeriodControl.tsx";
import { DownloadControl } from "../ui/DownloadControl.tsx";
import { CardBoundary } from "../ui/CardBoundary.tsx";
import { BreakdownWidget } from "../widgets/BreakdownWidget.tsx";
import { ChartWidget } from "../widgets/ChartWidget.tsx";
import { MapWidget } from "../widgets/MapWidget.tsx";
import type { Placed } from "../widgets/props.ts";
import { RecordsWidget } from "../widgets/RecordsWidget.tsx";
import { TextWidget } from "../widgets/TextWidget.tsx";
import { StatWidget } from "../widgets/StatWidget.tsx";

/** Draws one widget by its kind; what cannot be drawn says so in its own place. Not again when only the page's head changes. */
export const WidgetView = memo(function WidgetView({ placed }: { readonly placed: Placed }): ReactNode {
  const words = useWords();
  const title = ownTitle(words, placed.props["title"]) ?? placed.name;
  return (
    <CardBoundary name={title} key={`${placed.id} ${words.locale}`}>
      <Kind placed={placed} />
    </CardBoundary>
  );
});

const ALONE: CSSProperties & Readonly<Record<`--${string}`, number>> = { "--count": 1, "--count-tablet": 1 };

function Kind({ placed }: { readonly placed: Placed }): ReactNode {
  const { spec } = placed;
  switch (spec.kind) {
    case "stat":
      return (
        <dl className="stats" style={ALONE}>
          <StatWidget placed={{ ...placed, spec }} />
        </dl>
      );
    case "chart":
      return <ChartWidget placed={{ ...placed, spec }} />;
    case "breakdown":
      return <BreakdownWidget placed={{ ...placed, spec }} />;
    case "map":
      return <MapWidget placed={{ ...placed, spec }} />;
    case "records":
      return <RecordsWidget placed={{ ...placed, spec }} />;
    case "control":
      return (
        <div className="inline-control">
          <Control control={spec.control} />
        </div>
      );
    case "text":
      return <TextWidget placed={placed} />;
  }
}

function Control({ control }: { readonly control: ControlSpec["control"] }): ReactNode {
  switch (control) {
    case "range":
      return <PeriodControl />;
    case "granularity":
      return <GranularityControl />;
    case "report":
      return <DownloadControl />;
  }
}
