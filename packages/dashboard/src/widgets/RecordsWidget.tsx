import { recordListRequest } from "@community-stats/contract/record-list.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { RecordsSpec } from "@community-stats/contract/widgets.ts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { recordsQuery } from "../api/queries.ts";
import { ownTitle } from "../messages/titles.ts";
import { useWords } from "../messages/words-context.ts";
import { recordRows } from "../select/record-rows.ts";
import { useChoices, usePage } from "../state/page-context.ts";
import { Card } from "../ui/Card.tsx";
import { CardMenu } from "../ui/CardMenu.tsx";
import { usePrinting } from "../ui/printing.tsx";
import { RecordList } from "../ui/RecordList.tsx";
import { Empty, Failed, Skeleton } from "../ui/States.tsx";
import { useCardActions } from "./page-parts.ts";
import type { Placed } from "./props.ts";
import { recordLines, recordSentence, recordTable } from "./record-model.ts";
import { StaleNotice } from "./StaleNotice.tsx";

const ROW_PX = 62;
const HEAD_PX = 52;

/** The most viewed or downloaded records of the page's scope and range, all versions of a work together. */
export function RecordsWidget({ placed }: { readonly placed: Placed<RecordsSpec> }): ReactNode {
  const words = useWords();
  const { config, range } = usePage();
  const asked = recordListRequest({ scope: config.scope, range }, placed.spec, placed.props);
  const query = useQuery({ ...recordsQuery(config.apiBase, asked), placeholderData: keepPreviousData });
  const title =
    ownTitle(words, placed.props["title"]) ??
    words.text(asked.metric === "views" ? "records.mostViewed" : "records.mostDownloaded");
  if (query.data !== undefined) {
    const waits = query.isPlaceholderData || query.isFetching;
    const stale =
      waits || query.isError ? { since: query.data.updatedAt, failed: !waits, isOther: query.isPlaceholderData } : null;
    const notice = <StaleNotice stale={stale} />;
    return <Ready placed={placed} title={title} answer={query.data} busy={waits} notice={notice} />;
  }
  return (
    <Card title={title} kind="records" busy={!query.isError}>
      {query.isError ? (
        <Failed name={title} error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton name={title} height={HEAD_PX + asked.limit * ROW_PX} />
      )}
    </Card>
  );
}

interface ReadyProps {
  readonly placed: Placed<RecordsSpec>;
  readonly title: string;
  readonly answer: RecordListAnswer;
  readonly busy: boolean;
  readonly notice: ReactNode;
}

function Ready({ placed, title, answer, busy, notice }: ReadyProps): ReactNode {
  const words = useWords();
  const { config, state } = usePage();
  const [chosen, choose] = useChoices(placed.id);
  const actions = useCardActions(placed.id);
  const printing = usePrinting();
  const says = useId();
  const metric = { side: "usage", name: answer.metric } as const;
  const rows = recordRows(answer);
  const model = { words, metric, answer, rows, place: config };
  const table = recordTable(model);
  const open = chosen["table"] === "1";
  const empty = rows.length === 0;
  const noun = words.noun(metric, 0);
  return (
    <Card
      title={title}
      kind="records"
      tag={state.filter === null ? null : <span className="tag">{words.text("filter.tag")}</span>}
      menu={<CardMenu name={title} table={empty ? null : table} {...actions} />}
      busy={busy}
      sentence={recordSentence(model)}
      saysId={says}
      {...(empty ? {} : { table, tableOpen: open, onTable: () => choose({ table: open ? null : "1" }) })}
    >
      {notice}
      {empty ? (
        <Empty title={words.text("state.emptyTitle", { metric: noun })} />
      ) : printing ? null : (
        <RecordList heads={[words.text("records.record"), words.metricTitle(metric)]} lines={recordLines(model)} />
      )}
      {empty ? null : (
        <p className="card-foot">
          {words.text("records.foot", { span: words.dates.range(answer.from, answer.to, true) })}
        </p>
      )}
    </Card>
  );
}
