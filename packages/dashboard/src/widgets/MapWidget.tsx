import { ALL_COUNTRIES, MAP_SPLITTING, mapData } from "@community-stats/contract/asking.ts";
import type { DataRef, MapSpec } from "@community-stats/contract/widgets.ts";
import { useId, type ReactNode } from "react";
import { countryName } from "../messages/names.ts";
import { mapLead } from "../messages/sentences.ts";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { breakdownRows } from "../select/breakdown-rows.ts";
import { classOf, mapClasses } from "../select/map-classes.ts";
import { useChoices, usePage } from "../state/page-context.ts";
import { BreakdownList } from "../ui/BreakdownList.tsx";
import { Card } from "../ui/Card.tsx";
import { CardMenu } from "../ui/CardMenu.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Rich } from "../ui/Rich.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { Failed, Skeleton } from "../ui/States.tsx";
import { WorldMap } from "../ui/WorldMap.tsx";
import { breakdownCaption, breakdownTable, listRows, type BreakdownModel } from "./breakdown-model.ts";
import { EmptyNotice } from "./EmptyNotice.tsx";
import { useCardActions } from "./page-parts.ts";
import type { Placed } from "./props.ts";
import { isWaiting, StaleNotice } from "./StaleNotice.tsx";
import { useAsked, useColumns, type Loaded } from "./use-columns.ts";

const COUNTRIES = "countries";
const LISTED = 8;
const SKELETON_PX = 460;

/** Where use comes from: a map in six classes, the leading countries beside it, all of them in the table. */
export function MapWidget({ placed }: { readonly placed: Placed<MapSpec> }): ReactNode {
  const words = useWords();
  const [chosen, choose] = useChoices(placed.id);
  const data = mapData(placed.spec, placed.props, chosen["metric"]);
  const loaded = useColumns(useAsked(data, MAP_SPLITTING));
  const title = ownTitle(words, placed.props["title"]) ?? words.text("map.title");
  const measure = (
    <Segmented
      legend={words.text("chart.measure")}
      className="metric"
      value={data.metric}
      options={placed.spec.metrics.map(({ side, metric }) => ({
        value: metric,
        label: words.metricTitle({ side, name: metric }),
      }))}
      onChange={(metric) => choose({ metric: metric === mapData(placed.spec, placed.props).metric ? null : metric })}
    />
  );
  if (loaded.state === "ready")
    return <Ready placed={placed} title={title} data={data} loaded={loaded} measure={measure} />;
  return (
    <Card title={title} kind="map-card" measure={measure} busy={loaded.state === "loading"}>
      {loaded.state === "loading" ? (
        <Skeleton name={title} height={SKELETON_PX} />
      ) : (
        <Failed name={title} error={loaded.error} onRetry={loaded.retry} />
      )}
    </Card>
  );
}

interface ReadyProps {
  readonly placed: Placed<MapSpec>;
  readonly title: string;
  readonly data: DataRef;
  readonly loaded: Extract<Loaded, { readonly state: "ready" }>;
  readonly measure: ReactNode;
}

function Ready({ placed, title, data, loaded, measure }: ReadyProps): ReactNode {
  const words = useWords();
  const { state, config } = usePage();
  const [chosen, choose] = useChoices(placed.id);
  const says = useId();
  const actions = useCardActions(placed.id);
  const metric = { side: data.side, name: data.metric };
  const found = breakdownRows(loaded.answer, { metric: data.metric, top: ALL_COUNTRIES, several: false });
  const made = {
    words,
    metric,
    answer: loaded.answer,
    found,
    breakdown: COUNTRIES,
    several: false,
    place: config,
  };
  const values = found.rows.filter(({ source }) => source.kind === "value");
  const leaders = values.map(({ source, value }) => ({
    name: countryName(words.locale, source.id),
    value: value ?? 0,
  }));
  const table = breakdownTable(made);
  const open = chosen["table"] === "1";
  if (values.length === 0) {
    return (
      <Card title={title} kind="map-card" measure={measure}>
        <EmptyNotice answer={loaded.answer} data={data} breakdown={COUNTRIES} />
      </Card>
    );
  }
  return (
    <Card
      title={title}
      kind="map-card"
      tag={state.filter === null ? null : <span className="tag">{words.text("filter.tag")}</span>}
      measure={measure}
      menu={<CardMenu name={title} table={table} {...actions} />}
      busy={isWaiting(loaded.stale)}
      sentence={mapLead(words, { metric, leaders, whole: found.whole ?? 0, countries: found.valueCount })}
      saysId={says}
      table={table}
      tableOpen={open}
      onTable={() => choose({ table: open ? null : "1" })}
    >
      <StaleNotice stale={loaded.stale} />
      <MapBody made={made} says={says} />
      <p className="card-foot">{breakdownCaption(made)}</p>
    </Card>
  );
}

function MapBody({ made, says }: { readonly made: BreakdownModel; readonly says: string }): ReactNode {
  const { words, metric, found } = made;
  const { update } = usePage();
  const byCode = new Map(
    found.rows
      .filter(({ source }) => source.kind === "value")
      .map(({ source, value }) => [source.id.toUpperCase(), value ?? 0]),
  );
  const limits = mapClasses(Math.max(0, ...byCode.values()));
  const noun = words.noun(metric, 2);
  return (
    <div className="map-grid">
      <div>
        <WorldMap
          label={words.text("map.label", { metric: words.metricTitle(metric) })}
          describedBy={says}
          classOf={(code) => classOf(byCode.get(code) ?? 0, limits)}
          titleOf={(code) => {
            const value = byCode.get(code) ?? 0;
            const name = code === "" ? "" : countryName(words.locale, code);
            return value === 0
              ? `${name}: ${words.text("map.noValue", { metric: noun })}`
              : `${name}: ${words.amount(metric, value)}`;
          }}
        />
        <MapLegend made={made} limits={limits} />
      </div>
      <div className="map-side">
        <BreakdownList
          heads={[words.text("breakdown.countries"), words.metricTitle(metric), words.text("table.share")]}
          rows={listRows({ ...made, found: leading(made) })}
          onChoose={(key) =>
            update((before) => ({ ...before, filter: { breakdown: COUNTRIES, value: key.replace(/^value:/, "") } }))
          }
        />
        <Unknown made={made} />
      </div>
    </div>
  );
}

/** The first few countries and, as one row, all others. */
function leading({ found, metric }: BreakdownModel): BreakdownModel["found"] {
  const values = found.rows.filter(({ source }) => source.kind === "value");
  const others = values.slice(LISTED);
  const value = others.reduce((sum, row) => sum + (row.value ?? 0), 0);
  const [first] = values;
  const longest = Math.max(1, first?.value ?? 0, value);
  const rows = values.slice(0, LISTED).map((row) => ({ ...row, size: (row.value ?? 0) / longest }));
  const rest =
    first === undefined || others.length === 0
      ? []
      : [
          {
            key: "other",
            source: {
              ...first.source,
              kind: "other" as const,
              id: "",
              values: others.length,
              totals: { [metric.name]: value },
            },
            value,
            share: found.whole === null || found.whole <= 0 ? null : value / found.whole,
            size: value / longest,
          },
        ];
  return { ...found, rows: [...rows, ...rest] };
}

function MapLegend({ made, limits }: { readonly made: BreakdownModel; readonly limits: readonly number[] }): ReactNode {
  const { words, metric } = made;
  const text = (index: number): string => {
    const from = words.numbers.full(limits[index] ?? 0);
    const next = limits[index + 1];
    if (next === undefined) return words.text("map.orMore", { n: from });
    return next - 1 === limits[index] ? from : `${from}–${words.numbers.full(next - 1)}`;
  };
  return (
    <ul className="map-legend">
      {limits.map((limit, index) => (
        <li key={limit}>
          <span className={`seq-${index + 1 + (6 - limits.length)}`} />
          {text(index)}
        </li>
      ))}
      <li>
        <span className="land" />
        {words.text("map.noValue", { metric: words.noun(metric, 2) })}
      </li>
    </ul>
  );
}

/** What cannot be on the map is said beside it. */
function Unknown({ made }: { readonly made: BreakdownModel }): ReactNode {
  const { words, metric, found } = made;
  const row = found.rows.find(({ source }) => source.kind === "notStated");
  if (row?.value === undefined || row.value === null) return null;
  const text = words.text("map.unknown", {
    n: words.amount(metric, row.value),
    metric: words.noun(metric, row.value),
    p: row.share === null ? "" : words.numbers.percent(row.share),
  });
  return (
    <p className="unknown">
      <Icon name="info" />
      <span data-value={row.value}>
        <Rich text={text} />
      </span>
    </p>
  );
}
