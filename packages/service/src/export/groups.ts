import type { StatsDocument } from "@community-stats/contract/documents.ts";
import type {
  CategoryResult,
  ColumnsAnswer,
  ColumnSeries,
  Period,
  WireSeries,
} from "@community-stats/contract/series.ts";
import { documentGroups } from "./document-groups.ts";
import { counted, plainLabel } from "./labels.ts";
import type { ExportGroup, ExportMetric, ExportPoint, ExportPoints, ExportSeries } from "./model.ts";
import { unitOf } from "./units.ts";

/** An answer as its query gives it, with what only the request knows. */
export type ExportAnswer =
  | { readonly form: "documents"; readonly documents: Iterable<StatsDocument> }
  | {
      readonly form: "series";
      readonly series: readonly WireSeries[];
      /** Category and metric that were asked for, camelCase. */
      readonly category: string;
      readonly metric: string;
      readonly dated: DatedPoints;
    }
  | { readonly form: "category"; readonly result: CategoryResult; readonly dated: DatedPoints }
  | {
      readonly form: "columns";
      readonly answers: readonly ColumnsAnswer[];
      readonly metrics: readonly string[];
      readonly facts?: SeriesFacts;
    };

/** Further columns, and what they hold for a series. */
export interface SeriesFacts {
  readonly names: readonly string[];
  readonly of: (series: ColumnSeries) => readonly string[];
}

/** The points of a series with full dates, at each reading anew. */
export type DatedPoints = (series: WireSeries) => ExportPoints;

export function groupsOf(answer: ExportAnswer): readonly ExportGroup[] {
  switch (answer.form) {
    case "documents":
      return documentGroups(answer.documents);
    case "series":
      return [
        {
          name: answer.category,
          metrics: [wireMetric(answer.metric, answer.series, { ...answer, name: answer.category })],
        },
      ];
    case "category":
      return Object.entries(answer.result).map(([name, metrics]) => ({
        name,
        metrics: Object.entries(metrics).map(([metric, series]) => wireMetric(metric, series, { ...answer, name })),
      }));
    case "columns":
      return answer.answers.map((columns) => columnsGroup(columns, answer));
    default:
      return answer satisfies never;
  }
}

interface WireGroup {
  readonly name: string;
  readonly dated: DatedPoints;
}

function wireMetric(name: string, series: readonly WireSeries[], group: WireGroup): ExportMetric {
  const kind = group.name === "global" ? "total" : "value";
  return { name, unit: unitOf(name), series: series.map((one) => wireSeries(one, kind, group)) };
}

function wireSeries(series: WireSeries, kind: "total" | "value", { dated }: WireGroup): ExportSeries {
  return {
    kind,
    id: series.id,
    label: plainLabel(series.name, series.id),
    points: dated(series),
  };
}

function columnsGroup(
  answer: ColumnsAnswer,
  { metrics, facts }: Pick<Extract<ExportAnswer, { form: "columns" }>, "metrics" | "facts">,
): ExportGroup {
  const told = (series: ColumnSeries) => (facts === undefined ? {} : { facts: facts.of(series) });
  return {
    name: answer.breakdown ?? "global",
    ...(facts === undefined ? {} : { facts: facts.names }),
    metrics: metrics.map((name) => ({
      name,
      unit: unitOf(name),
      series: answer.series.map((series) => ({ ...columnSeries(answer, series, name), ...told(series) })),
    })),
  };
}

function columnSeries({ periods, from }: ColumnsAnswer, series: ColumnSeries, metric: string): ExportSeries {
  const values = series.metrics[metric] ?? [];
  const whole: readonly ExportPoint[] = from === "" ? [] : [[from, series.totals[metric] ?? null]];
  return {
    kind: series.kind,
    id: series.id,
    label: columnLabel(series),
    points: periods.length > 0 ? counted(periods.length, () => byPeriod(periods, values)) : whole,
  };
}

function* byPeriod(periods: readonly Period[], values: readonly (number | null)[]): Generator<ExportPoint> {
  for (const [index, { from }] of periods.entries()) yield [from, values[index] ?? null];
}

function columnLabel({ kind, id, label, values }: ColumnSeries): string {
  switch (kind) {
    case "total":
      return "Total";
    case "other":
      return `Other values (${values ?? 0})`;
    case "notStated":
      return "Not stated";
    case "value":
      return plainLabel(label, id);
    default:
      return kind satisfies never;
  }
}
