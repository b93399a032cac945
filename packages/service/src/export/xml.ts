import type {
  ExportAbout,
  ExportDocument,
  ExportFailure,
  ExportMetric,
  ExportQuery,
  ExportScope,
  ExportSeries,
} from "./model.ts";
import { xmlText } from "./xml-text.ts";

/** Namespace of the original's format; the schema that we publish describes what we write into it. */
const XML_NAMESPACE = "https://github.com/MESH-Research/invenio-stats-dashboard";

/** Where the schema is published; a new shape gets a new number. */
export const SCHEMA_PATH = "/schemas/data-series-1.xsd";

/** The document as XML in pieces of text; valid against `data-series.xsd`. */
export function* xmlOf(document: ExportDocument): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<dataSeriesCollection xmlns="${XML_NAMESPACE}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${XML_NAMESPACE} ${SCHEMA_PATH}" version="2.0">\n`;
  yield metadata(document);
  for (const query of document.queries) yield* category(query);
  yield "</dataSeriesCollection>\n";
}

function dc(name: string, text: string): string {
  return `    <dc:${name}>${xmlText(text)}</dc:${name}>\n`;
}

function element(name: string, text: string): string {
  return `    <${name}>${xmlText(text)}</${name}>\n`;
}

function days(name: string, list: readonly string[]): string {
  return list.length === 0 ? "" : element(name, list.join(" "));
}

function metadata({ about, queries, failures }: ExportDocument): string {
  const titles = about.scopes.map(({ title }) => title).join(", ");
  const lines = [
    dc("title", `Statistics of ${titles}`),
    dc("creator", about.repository),
    dc("description", `Daily statistics of ${titles} in ${about.repository}${rangeText(about)}.`),
    about.countedAt === null ? "" : dc("date", about.countedAt),
    dc("format", "application/xml"),
    dc("language", about.language),
    dc("publisher", about.repository),
    dc("source", about.repository),
    dc("subject", "Statistics"),
    dc("type", "Dataset"),
    about.countedAt === null ? "" : element("countedAt", about.countedAt),
    element("totalCategories", String(queries.length)),
    element("totalDataPoints", String(queries.reduce((sum, query) => sum + pointsOf(query), 0))),
    timeRange(about),
    about.asOf === null ? "" : element("asOf", about.asOf),
    element("ruleVersion", about.ruleVersion),
    days("missingDays", about.missingDays),
    days("incompleteDays", about.incompleteDays),
    element("generatedUse", String(about.generatedUse)),
    ...about.scopes.map(community),
    ...failures.map(failure),
  ];
  return `  <metadata>\n${lines.join("")}  </metadata>\n`;
}

function pointsOf({ groups }: ExportQuery): number {
  return groups.flatMap(({ metrics }) => metrics.map(pointCount)).reduce((sum, count) => sum + count, 0);
}

function pointCount({ series }: ExportMetric): number {
  return series.reduce((sum, { points }) => sum + points.length, 0);
}

function rangeText({ from, to }: ExportAbout): string {
  return from === null || to === null ? "" : `, ${from} to ${to}`;
}

function timeRange({ from, to }: ExportAbout): string {
  if (from === null || to === null) return "";
  return `    <timeRange><startDate>${from}</startDate><endDate>${to}</endDate></timeRange>\n`;
}

function community({ id, slug, title, description, url }: ExportScope): string {
  const source = url === "" ? "" : `<dc:source>${xmlText(url)}</dc:source>`;
  const short = slug === null ? "" : `<slug>${xmlText(slug)}</slug>`;
  return `    <community><dc:identifier>${xmlText(id)}</dc:identifier><dc:title>${xmlText(title)}</dc:title><dc:description>${xmlText(description)}</dc:description>${source}${short}</community>\n`;
}

function failure({ label, code, detail }: ExportFailure): string {
  return `    <notAnswered label="${xmlText(label)}" code="${xmlText(code)}">${xmlText(detail)}</notAnswered>\n`;
}

function* category(query: ExportQuery): Generator<string> {
  const count = query.groups.reduce((sum, group) => sum + group.metrics.filter(hasSeries).length, 0);
  yield `  <category name="${xmlText(query.label)}" query="${xmlText(query.query)}" community="${xmlText(query.scope)}" granularity="${xmlText(query.granularity)}" metricsCount="${count}">\n`;
  for (const group of query.groups) {
    yield `    <seriesSet name="${xmlText(group.name)}" metricsCount="${group.metrics.filter(hasSeries).length}">\n`;
    for (const metric of group.metrics.filter(hasSeries)) yield* metricParts(metric, group.facts ?? []);
    yield "    </seriesSet>\n";
  }
  yield "  </category>\n";
}

function hasSeries(metric: ExportMetric): boolean {
  return metric.series.length > 0;
}

function* metricParts(metric: ExportMetric, names: readonly string[]): Generator<string> {
  yield `      <metric name="${xmlText(metric.name)}" unit="${xmlText(metric.unit)}" dataPointsCount="${pointCount(metric)}">\n`;
  for (const series of metric.series) yield* seriesParts(series, names);
  yield "      </metric>\n";
}

function* seriesParts(
  { kind, id, label, points, facts = [] }: ExportSeries,
  names: readonly string[],
): Generator<string> {
  yield `        <series kind="${kind}" id="${xmlText(id)}" name="${xmlText(label)}">`;
  for (const [index, fact] of facts.entries()) {
    if (fact !== "") yield `<fact name="${xmlText(names[index] ?? "")}">${xmlText(fact)}</fact>`;
  }
  for (const [date, value] of points) {
    yield value === null ? `<point date="${date}"/>` : `<point date="${date}" value="${value}"/>`;
  }
  yield "</series>\n";
}
