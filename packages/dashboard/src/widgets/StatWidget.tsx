import { numberProp } from "@community-stats/contract/asking.ts";
import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import { memo, type ReactNode } from "react";
import { changeAmount, changeKind, gapText } from "../messages/sentences.ts";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { unitOf, type Words } from "../messages/words.ts";
import { totalOf, type Compared } from "../select/comparison.ts";
import { gapDays, knownSpan } from "@community-stats/contract/knowledge.ts";
import type { DataRef, StatSpec } from "@community-stats/contract/widgets.ts";
import { usePage, type Page } from "../state/page-context.ts";
import { Icon } from "../ui/Icon.tsx";
import { useTold } from "../ui/Announcer.tsx";
import { SparklineView } from "../ui/SparklineView.tsx";
import { reasonText } from "../ui/States.tsx";
import { againstPoint, againstText } from "./against.ts";
import { isDistinct } from "./data.ts";
import type { Placed } from "./props.ts";
import { isWaiting } from "./StaleNotice.tsx";
import { useAsked, useColumns, useComparison, type Loaded } from "./use-columns.ts";

const COMPACT_FROM = 1_000_000;

/** One figure: its name, the number, its course, its change, and one line of caution. */
export const StatWidget = memo(function StatWidget({ placed }: { readonly placed: Placed<StatSpec> }): ReactNode {
  const words = useWords();
  const page = usePage();
  const { data } = placed.spec;
  const asked = useAsked(data);
  const loaded = useColumns(asked);
  const { compared } = useComparison(asked, loaded, data.metric);
  const metric = { side: data.side, name: data.metric };
  const title = ownTitle(words, placed.props["title"]) ?? statTitle(words, data);
  const all = page.state.filter !== null && !asked.narrowed;
  useTold(placed.id, toldText(words, { loaded, compared, data, page }));
  return (
    <div
      className="stat"
      aria-busy={loaded.state === "loading" || (loaded.state === "ready" && isWaiting(loaded.stale))}
      data-widget={placed.name}
    >
      <dt>
        <span className="stat-name" title={title}>
          {title}
        </span>{" "}
        {all ? <span className="tag">{words.text("filter.tag")}</span> : null}
      </dt>
      <dd>
        {loaded.state === "failed" ? (
          <p className="stat-failed" role="alert">
            <Icon name="warn" /> {words.text("state.failed", { name: title })} {reasonText(words, loaded.error)}{" "}
            <button type="button" className="btn small" onClick={loaded.retry}>
              {words.text("state.retry")}
            </button>
          </p>
        ) : loaded.state === "loading" ? (
          <p className="figure bone-figure">
            <span className="sr">{words.text("state.loading", { name: title })}</span>
          </p>
        ) : (
          <Figure
            answer={loaded.answer}
            data={data}
            compactFrom={
              numberProp(placed.props, "compactThreshold", { least: 1, most: Number.MAX_SAFE_INTEGER }) ?? COMPACT_FROM
            }
          />
        )}
        {loaded.state === "ready" ? (
          <>
            <Change compared={compared} data={data} page={page} />
            <p className="sub">{subline(words, { answer: loaded.answer, data, metric })}</p>
          </>
        ) : null}
      </dd>
    </div>
  );
});

function statTitle(words: Words, data: DataRef): string {
  const title = words.metricTitle({ side: data.side, name: data.metric });
  if (data.kind === "delta") return title;
  const total = words.text("widget.totalOf", { metric: words.within(title) });
  return total.charAt(0).toLocaleUpperCase(words.locale) + total.slice(1);
}

interface Told extends ChangeProps {
  readonly loaded: Loaded;
}

/** The figure as it is spoken; null before it has come, and while it is that of before. */
function toldText(words: Words, { loaded, compared, data, page }: Told): string | null {
  if (loaded.state !== "ready" || loaded.stale !== null) return null;
  const metric = { side: data.side, name: data.metric };
  const value = totalOf(loaded.answer)?.totals[data.metric] ?? null;
  if (value === null) return null;
  const figure = { n: words.amount(metric, value), metric: words.noun(metric, value) };
  if (compared === null || page.state.comparison === "none") return words.text("told.figure", figure);
  return words.text("told.changed", {
    ...figure,
    change: changeAmount(words, compared),
    than: words.text(`changeWords.${changeKind(compared)}`, { other: otherText(words, data, page) }),
  });
}

function otherText(words: Words, data: DataRef, page: Page): string {
  const against = { comparison: page.state.comparison, range: page.range };
  return data.kind === "snapshot" ? againstPoint(words, against) : againstText(words, against);
}

interface FigureProps {
  readonly answer: ColumnsAnswer;
  readonly data: DataRef;
  readonly compactFrom: number;
}

function Figure({ answer, data, compactFrom }: FigureProps): ReactNode {
  const words = useWords();
  const metric = { side: data.side, name: data.metric };
  const series = totalOf(answer);
  const value = series?.totals[data.metric] ?? null;
  const exact = exactText(words, metric, value);
  const short = shortText(words, { metric, value, compactFrom });
  const atLeast = data.kind === "delta" && gapDays(answer).length > 0 ? "≥ " : "";
  const values = series?.metrics[data.metric] ?? [];
  return (
    <>
      <p className="figure" data-value={value ?? undefined} title={short === exact ? undefined : exact}>
        {atLeast === "" ? null : <span className="sr">{atLeast}</span>}
        <bdi>{short}</bdi>
        {short === exact ? null : <span className="sr"> ({exact})</span>}
      </p>
      <SparklineView values={values} open={answer.periods.at(-1)?.state === "open"} />
    </>
  );
}

function exactText(words: Words, metric: { side: DataRef["side"]; name: string }, value: number | null): string {
  if (value === null) return "–";
  return unitOf(metric) === "bytes" ? words.numbers.bytesExactly(value) : words.numbers.full(value);
}

interface ShortText {
  readonly metric: { readonly side: DataRef["side"]; readonly name: string };
  readonly value: number | null;
  readonly compactFrom: number;
}

function shortText(words: Words, { metric, value, compactFrom }: ShortText): string {
  if (value === null) return "–";
  const counted = unitOf(metric) !== "bytes";
  return counted && Math.abs(value) >= compactFrom ? words.numbers.compact(value) : words.amount(metric, value);
}

const SIGNS = { more: "▲", times: "▲", less: "▼", same: "", none: "" } as const;
const TONES = { more: "up", times: "up", less: "down", same: "same", none: "same" } as const;

interface ChangeProps {
  readonly compared: Compared | null;
  readonly data: DataRef;
  readonly page: Page;
}

function Change({ compared, data, page }: ChangeProps): ReactNode {
  const words = useWords();
  if (compared === null || page.state.comparison === "none") return null;
  const kind = changeKind(compared);
  const other = otherText(words, data, page);
  const title = compared.fewer
    ? words.text("comparedDays", { n: words.numbers.full(compared.days), count: compared.days })
    : undefined;
  return (
    <p className="delta" title={title} data-other={compared.other}>
      {SIGNS[kind] === "" ? null : (
        <span className={TONES[kind]}>
          <span className="sign" aria-hidden="true">
            {SIGNS[kind]}
          </span>{" "}
          {changeAmount(words, compared)}
        </span>
      )}{" "}
      {words.text(`changeWords.${kind}`, { other })}
    </p>
  );
}

interface Subline {
  readonly answer: ColumnsAnswer;
  readonly data: DataRef;
  readonly metric: { readonly side: DataRef["side"]; readonly name: string };
}

/** The one thing that must be known to read the figure rightly. */
function subline(words: Words, { answer, data }: Subline): string {
  const span = knownSpan(answer);
  if (span === null) return words.text("state.emptyAll");
  if (data.kind === "snapshot") return words.text("onDay", { day: words.dates.day(span.to) });
  const gaps = gapDays(answer).length;
  if (gaps > 0) return words.text("atLeast", { gap: gapText(words, gaps) });
  if (isDistinct(data)) return words.text("onceADay");
  if (data.side === "records") return words.text("netChange");
  return words.dates.range(span.from, span.to, true);
}
