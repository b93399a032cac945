import type { ScopeStanding, StandingAnswer } from "@community-stats/contract/standing.ts";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { standingQuery } from "../api/queries.ts";
import { Body } from "../layout/Body.tsx";
import { CountingProgress } from "../layout/CountingProgress.tsx";
import { Disabled } from "../layout/Disabled.tsx";
import type { Frame } from "../layout/frame.ts";
import { Shell } from "../layout/Shell.tsx";
import { useRefusal, useStatus } from "../layout/use-service.ts";
import { useWords } from "../messages/words-context.ts";
import { dashboardPath } from "../state/dashboard-path.ts";
import { usePage } from "../state/page-context.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { FreshnessLine } from "../ui/FreshnessLine.tsx";
import { scopeName } from "../ui/ScopeMenu.tsx";
import { Failed, Skeleton } from "../ui/States.tsx";
import { AllScopes } from "./AllScopes.tsx";
import { kindsTable } from "./standing-tables.ts";

/** How far the numbers of a scope go; of the repository, also those of every community that may be read. */
export function StandingPage({ frame }: { readonly frame: Exclude<Frame, "element"> }): ReactNode {
  const { config } = usePage();
  const refusal = useRefusal();
  const body = (
    <Body frame={frame} className="page standing">
      {config.enabled && refusal === null ? <Standing /> : <Disabled />}
    </Body>
  );
  return frame === "page" ? <Shell>{body}</Shell> : body;
}

const HEIGHT_PX = 240;

function Standing(): ReactNode {
  const words = useWords();
  const { config, address } = usePage();
  const status = useStatus(config.apiBase);
  const { data, error, refetch } = useQuery(
    standingQuery(config.apiBase, config.scope === "global" ? "all" : config.scope),
  );
  const running = status?.running ?? null;
  const title = words.text("standing.title");
  return (
    <>
      <header className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
          <a
            className="scope-name"
            href={`${dashboardPath(config, { key: config.scope, slug: config.slug })}${address()}`}
          >
            {scopeName(words, config)}
          </a>
        </div>
        <FreshnessLine status={status} standingUrl={null} />
        <p className="page-text">{words.text("standing.text")}</p>
      </header>
      {running === null ? null : (
        <section className="card" aria-labelledby="standing-running">
          <h2 id="standing-running">{words.text("standing.running")}</h2>
          <CountingProgress progress={running} />
        </section>
      )}
      {data === undefined ? (
        <section className="card" aria-busy={error === null}>
          {error === null ? (
            <Skeleton name={title} height={HEIGHT_PX} />
          ) : (
            <Failed name={title} error={error} onRetry={() => void refetch()} />
          )}
        </section>
      ) : (
        <Tables answer={data} />
      )}
    </>
  );
}

function Tables({ answer }: { readonly answer: StandingAnswer }): ReactNode {
  const { config } = usePage();
  const own = answer.scopes.find(({ id }) => id === config.scope);
  const others = answer.scopes.filter(({ id }) => id !== config.scope);
  return (
    <>
      {own === undefined ? null : <Kinds scope={own} rules={answer.ruleVersion} />}
      {others.length === 0 ? null : <AllScopes scopes={others} />}
    </>
  );
}

const RULES_LENGTH = 12;

function Kinds({ scope, rules }: { readonly scope: ScopeStanding; readonly rules: string }): ReactNode {
  const words = useWords();
  const { config, now } = usePage();
  const someFailed = scope.aggregations.some(({ failed }) => failed);
  return (
    <section className="card" aria-labelledby="standing-kinds">
      <h2 id="standing-kinds">{words.text("standing.kinds")}</h2>
      <DataTable data={kindsTable({ words, now: now() }, scope, scopeName(words, config))} />
      {someFailed ? <p className="sub">{words.text("standing.failedHelp")}</p> : null}
      {rules === "" ? null : (
        <p className="sub">{words.text("frame.rules", { rules: rules.slice(0, RULES_LENGTH) })}</p>
      )}
    </section>
  );
}
