import { camelCase } from "@community-stats/contract/breakdowns.ts";
import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { ColumnsAnswer, Freshness } from "@community-stats/contract/series.ts";
import { groupsOf, type SeriesFacts } from "../export/groups.ts";
import { plainLabel } from "../export/labels.ts";
import type { ExportAbout, ExportDocument, ExportQuery, ExportScope } from "../export/model.ts";
import type { ExportContent } from "../export/serializer.ts";
import type { AskedDays } from "../query/days.ts";
import type { QueryPlan } from "../query/plan.ts";
import { datedPoints } from "../query/points.ts";
import type { QueryResult } from "../query/run-plan.ts";
import { listColumns } from "../query/record-columns.ts";
import { objectJson, resultJson } from "../query/result-json.ts";
import type { ReadableScope } from "../query/scopes.ts";
import { USE_METRICS } from "../query/use-table.ts";
import type { FailedEntry, PlannedEntry } from "./answering.ts";

/** The repository as exported files name it. */
export interface Site {
  readonly repositoryTitle: string;
  /** Address of its pages, or "". */
  readonly siteUrl: string;
}

export interface AnsweredEntry {
  readonly entry: PlannedEntry;
  readonly result: QueryResult;
}

export interface ContentSource {
  /** In the order of the request. */
  readonly entries: readonly (AnsweredEntry | FailedEntry)[];
  readonly shape: "bare" | "labelled";
  readonly freshness: Freshness;
  readonly site: Site;
  /** The use is generated demonstration data. */
  readonly generated: boolean;
}

/** An answer as every serializer takes it. */
export function exportContent(source: ContentSource): ExportContent {
  return { json: () => answerJson(source), document: () => exportDocument(source) };
}

function* answerJson({ entries, shape }: ContentSource): Generator<string> {
  const [only] = entries;
  if (shape === "bare" && only !== undefined) yield* entryJson(only);
  else yield* objectJson(entries.map((entry) => [labelOf(entry), () => entryJson(entry)]));
}

function labelOf(entry: AnsweredEntry | FailedEntry): string {
  return "result" in entry ? entry.entry.label : entry.label;
}

function entryJson(entry: AnsweredEntry | FailedEntry): Iterable<string> {
  return "result" in entry ? resultJson(entry.result) : [JSON.stringify(entry.problem)];
}

function exportDocument(source: ContentSource): ExportDocument {
  const answered = source.entries.filter((entry) => "result" in entry);
  const failed = source.entries.filter((entry) => "problem" in entry);
  return {
    about: aboutOf(source, answered),
    queries: answered.flatMap((entry) => exportQueries(entry, siteBase(source.site))),
    failures: failed.map(({ label, problem: { code, detail } }) => ({ label, code, detail })),
  };
}

function aboutOf({ freshness, site, generated }: ContentSource, answered: readonly AnsweredEntry[]): ExportAbout {
  const scopes = new Map(answered.map(({ entry: { scope } }) => [scope.key, scope]));
  const range = rangeOf(
    answered.map(({ entry }) => entry.plan),
    freshness,
  );
  return {
    repository: site.repositoryTitle,
    language: "en",
    scopes: Array.from(scopes.values(), (scope) => exportScope(scope, site)),
    ...range,
    asOf: freshness.asOf,
    ruleVersion: freshness.ruleVersion,
    missingDays: freshness.missingDays,
    incompleteDays: freshness.incompleteDays,
    countedAt: freshness.updatedAt,
    generatedUse: generated,
  };
}

function siteBase({ siteUrl }: Pick<Site, "siteUrl">): string {
  return siteUrl.replace(/\/+$/, "");
}

function exportScope({ key, community }: ReadableScope, { repositoryTitle, siteUrl }: Site): ExportScope {
  const base = siteBase({ siteUrl });
  if (community === null) {
    return { id: key, slug: null, title: key === "global" ? repositoryTitle : key, description: "", url: base };
  }
  const { id, slug, title, description } = community;
  return { id, slug, title, description, url: base === "" ? "" : `${base}/communities/${encodeURIComponent(slug)}` };
}

/** The days asked for over all plans; open ends are filled with what exists. */
export function rangeOf(
  plans: readonly QueryPlan[],
  freshness: Freshness,
): { readonly from: string | null; readonly to: string | null } {
  const asked = plans.flatMap(askedDays);
  const from = asked.map((days) => (days.from === null ? freshness.firstDay : dayFromNumber(days.from)));
  const to = asked.map((days) => (days.to === null ? lastDay(freshness) : dayFromNumber(days.to)));
  const [first = null, last = null] = [sortedDays(from)[0], sortedDays(to).at(-1)];
  if (first === null || last === null || first <= last) return { from: first, to: last };
  const day = asked.some((days) => days.from === null) ? last : first;
  return { from: day, to: day };
}

/** The last day with numbers, complete or not. */
function lastDay({ asOf, incompleteDays, missingDays }: Freshness): string | null {
  return sortedDays([asOf, incompleteDays.at(-1) ?? null, missingDays.at(-1) ?? null]).at(-1) ?? null;
}

function sortedDays(days: readonly (string | null)[]): readonly string[] {
  return days.filter((day) => day !== null).toSorted();
}

function askedDays(plan: QueryPlan): readonly AskedDays[] {
  switch (plan.form) {
    case "composite":
      return Object.values(plan.parts).map(({ asked }) => asked);
    case "columns":
      return plan.plans.map(({ asked }) => asked);
    case "records":
      return [plan.list.asked];
    case "record-usage":
      return [plan.usage.asked];
    case "documents":
    case "series":
    case "category":
      return [plan.daily.asked];
    default:
      return plan satisfies never;
  }
}

function exportQueries({ entry, result }: AnsweredEntry, base: string): readonly ExportQuery[] {
  const { label, query, scope, plan } = entry;
  const common = { label, query, scope: scope.key, granularity: "day" };
  switch (result.form) {
    case "composite":
      return Object.entries(result.parts).map(([name, documents]) => ({
        ...common,
        label: `${label}.${name}`,
        groups: groupsOf({ form: "documents", documents }),
      }));
    case "series": {
      if (plan.form !== "series") return [];
      const heading = { category: camelCase(plan.category.name), metric: plan.metric.name };
      return [{ ...common, groups: groupsOf({ ...result, ...heading, dated: datedPoints }) }];
    }
    case "records":
      return [
        {
          ...common,
          granularity: "total",
          groups: groupsOf({
            form: "columns",
            answers: [listColumns(result.answer)],
            metrics: USE_METRICS,
            facts: recordFacts(result.answer, base),
          }),
        },
      ];
    case "columns": {
      if (plan.form === "record-usage") {
        const { metrics, granularity, axis } = plan.usage;
        const groups = groupsOf({ form: "columns", answers: columnsAnswers(result), metrics });
        return [{ ...common, granularity: axis ? granularity : "total", groups }];
      }
      if (plan.form !== "columns") return [];
      const [first] = plan.plans;
      const granularity = first?.axis === true ? first.granularity : "total";
      const metrics = first?.metrics.map(({ name }) => name) ?? [];
      return [
        { ...common, granularity, groups: groupsOf({ form: "columns", answers: columnsAnswers(result), metrics }) },
      ];
    }
    case "category":
      return [{ ...common, groups: groupsOf({ ...result, dated: datedPoints }) }];
    case "documents":
      return [{ ...common, groups: groupsOf(result) }];
    default:
      return result satisfies never;
  }
}

const RECORD_FACTS = ["resource type", "published", "doi", "page"];

/** What a report says of a record beside its numbers; nothing for all that is not listed. */
function recordFacts({ records, per }: RecordListAnswer, base: string): SeriesFacts {
  const byId = new Map(records.map((record) => [per === "record" ? record.record : record.parent, record]));
  return {
    names: RECORD_FACTS,
    of: ({ kind, id }) => {
      const record = kind === "value" ? byId.get(id) : undefined;
      if (record === undefined) return RECORD_FACTS.map(() => "");
      const { resourceType, published = "", doi = "", state } = record;
      const type = resourceType === null ? "" : plainLabel(resourceType.label, resourceType.id);
      const hasPage = base !== "" && state !== "deleted";
      return [type, published, doi, hasPage ? `${base}/records/${encodeURIComponent(record.record)}` : ""];
    },
  };
}

function columnsAnswers({ answer }: Extract<QueryResult, { form: "columns" }>): readonly ColumnsAnswer[] {
  return isColumns(answer) ? [answer] : Object.values(answer);
}

function isColumns(answer: ColumnsAnswer | Readonly<Record<string, ColumnsAnswer>>): answer is ColumnsAnswer {
  return Array.isArray(answer["periods"]);
}
