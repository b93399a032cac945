import type { ExportAbout, ExportDocument, ExportMetric, ExportQuery } from "./model.ts";
import { xmlText } from "./xml-text.ts";

/** Namespace of the original's format; the schema that we publish describes what we write into it. */
const XML_NAMESPACE = "https://github.com/MESH-Research/invenio-stats-dashboard";

const CHUNK = 1 << 16;

/** The document as XML in chunks of text; valid against `data-series.xsd`. */
export function* xmlOf(document: ExportDocument): Generator<string> {
  let chunk = "";
  for (const part of parts(document)) {
    chunk += part;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

function* parts(document: ExportDocument): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<dataSeriesCollection xmlns="${XML_NAMESPACE}" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">\n`;
  yield metadata(document.about, document.queries.length);
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

function metadata(about: ExportAbout, categories: number): string {
  const lines = [
    dc("title", `Statistics of ${about.communityTitle}`),
    dc("creator", about.repository),
    dc(
      "description",
      `Daily statistics of ${about.communityTitle} in ${about.repository}, ${about.from} to ${about.to}.`,
    ),
    dc("date", about.generatedAt),
    dc("format", "application/xml"),
    dc("language", about.language),
    dc("publisher", about.repository),
    dc("source", about.repository),
    dc("subject", "Statistics"),
    dc("type", "Dataset"),
    element("generatedAt", about.generatedAt),
    element("totalCategories", String(categories)),
    `    <timeRange><startDate>${about.from}</startDate><endDate>${about.to}</endDate></timeRange>\n`,
    about.asOf === null ? "" : element("asOf", about.asOf),
    element("ruleVersion", about.ruleVersion),
    days("missingDays", about.missingDays),
    days("incompleteDays", about.incompleteDays),
    element("generatedUse", String(about.generatedUse)),
    community(about),
  ];
  return `  <metadata>\n${lines.join("")}  </metadata>\n`;
}

function community(about: ExportAbout): string {
  const slug = about.communitySlug === null ? "" : `<slug>${xmlText(about.communitySlug)}</slug>`;
  const url = about.communityUrl === "" ? "" : `<dc:source>${xmlText(about.communityUrl)}</dc:source>`;
  return `    <community><dc:identifier>${xmlText(about.communityId)}</dc:identifier><dc:title>${xmlText(about.communityTitle)}</dc:title><dc:description>${xmlText(about.communityDescription)}</dc:description>${url}${slug}</community>\n`;
}

function* category(query: ExportQuery): Generator<string> {
  const count = query.groups.reduce((sum, group) => sum + group.metrics.filter(hasSeries).length, 0);
  yield `  <category name="${xmlText(query.label)}" query="${xmlText(query.query)}" metricsCount="${count}">\n`;
  for (const group of query.groups) {
    yield `    <seriesSet name="${xmlText(group.name)}" metricsCount="${group.metrics.filter(hasSeries).length}">\n`;
    for (const metric of group.metrics.filter(hasSeries)) yield* metricParts(metric);
    yield "    </seriesSet>\n";
  }
  yield "  </category>\n";
}

function hasSeries(metric: ExportMetric): boolean {
  return metric.series.length > 0;
}

function* metricParts(metric: ExportMetric): Generator<string> {
  yield `      <metric name="${xmlText(metric.name)}" unit="${xmlText(metric.unit)}">\n`;
  for (const series of metric.series) {
    yield `        <series id="${xmlText(series.id)}" name="${xmlText(series.label)}">`;
    for (const [date, value] of series.points)
      yield value === null ? `<point date="${date}"/>` : `<point date="${date}" value="${value}"/>`;
    yield "</series>\n";
  }
  yield "      </metric>\n";
}
