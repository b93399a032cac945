import { readFile } from "node:fs/promises";
import type { ServiceStatus } from "@community-stats/contract/page.ts";
import type { FastifyInstance } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Assets } from "./assets.ts";
import { prosePage } from "./page-html.ts";
import { renderProse, type Prose } from "./prose.ts";
import { sendPage } from "./page-routes.ts";
import { howWeCountPath, routePath } from "./paths.ts";
import { refuseOtherMethods } from "./stats-routes.ts";

const NUMBERS = new URL("../../../../docs/numbers.md", import.meta.url);

export interface HowWeCountOptions {
  readonly queries: Queries;
  readonly assets: Assets | null;
  readonly repositoryTitle: string;
  /** Route of the repository's dashboard, as configured. */
  readonly globalRoute: string;
}

/** What each number means, in words: `docs/numbers.md` as a page. */
export async function registerHowWeCount(app: FastifyInstance, options: HowWeCountOptions): Promise<void> {
  const path = howWeCountPath(options.globalRoute);
  const prose = renderProse(await readFile(NUMBERS, "utf8"));
  app.get(path, async (_request, reply) => sendPage(reply, page(options, prose, await options.queries.status())));
  refuseOtherMethods(app, path, ["GET", "HEAD"]);
}

function page(
  { assets, repositoryTitle, globalRoute }: HowWeCountOptions,
  prose: Prose,
  status: ServiceStatus,
): string {
  return prosePage(prose, {
    assets,
    repositoryTitle,
    back: routePath(globalRoute),
    notes: [
      ...(status.asOf === null ? [] : [`Numbers are complete to ${status.asOf}.`]),
      ...(status.ruleVersion === ""
        ? []
        : [`They were counted under rule version ${status.ruleVersion.slice(0, 12)}.`]),
      ...(status.generated ? ["The use shown here is generated for demonstration; the records are real."] : []),
    ],
  });
}
