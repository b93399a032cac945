import { howWeCountPath } from "@community-stats/contract/how-we-count.ts";
import type { ServiceStatus } from "@community-stats/contract/page.ts";
import type { FastifyInstance } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Assets } from "./assets.ts";
import type { FrameLanguages, FrameWords } from "./frame-words.ts";
import { loadNumbersTexts, type NumbersTexts } from "./numbers-texts.ts";
import { prosePage } from "./page-html.ts";
import { sendPage } from "./page-routes.ts";
import { routePath } from "./paths.ts";
import { refuseOtherMethods } from "./stats-routes.ts";

export interface HowWeCountOptions {
  readonly queries: Queries;
  readonly assets: Assets | null;
  readonly repositoryTitle: string;
  /** Route of the repository's dashboard, as configured. */
  readonly globalRoute: string;
  readonly languages: FrameLanguages;
}

/** What each number means, in words: `docs/numbers.md` as a page, in the language of whoever asks. */
export async function registerHowWeCount(app: FastifyInstance, options: HowWeCountOptions): Promise<void> {
  const dashboard = routePath(options.globalRoute);
  const path = howWeCountPath(dashboard);
  const texts = await loadNumbersTexts();
  app.get<{ Querystring: { readonly lang?: string } }>(path, async (request, reply) => {
    const words = options.languages(request);
    const back = request.query.lang === undefined ? dashboard : `${dashboard}?lang=${words.language}`;
    const status = await options.queries.status();
    return sendPage(reply, page(options, texts, { status, words, back }));
  });
  refuseOtherMethods(app, path, ["GET", "HEAD"]);
}

interface Moment {
  readonly status: ServiceStatus;
  readonly words: FrameWords;
  /** Address of the dashboard, in the language that the address of this page names. */
  readonly back: string;
}

function page(
  { assets, repositoryTitle }: HowWeCountOptions,
  texts: NumbersTexts,
  { status, words, back }: Moment,
): string {
  const { prose, language } = texts.textIn(words.language);
  return prosePage(prose, {
    assets,
    repositoryTitle,
    back,
    words,
    language,
    languages: texts.languages,
    notes: [
      ...(status.asOf === null ? [] : [words.text("frame.complete", { day: dayText(words, status.asOf) })]),
      ...(status.ruleVersion === "" ? [] : [words.text("frame.rules", { rules: status.ruleVersion.slice(0, 12) })]),
      ...(status.generated ? [words.text("frame.generated")] : []),
    ],
  });
}

/** As the dashboards write it: English days are those of the world, not of one country. */
function dayText({ language }: FrameWords, day: string): string {
  const style: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language === "en" ? "en-001" : language, style).format(new Date(`${day}T00:00:00Z`));
}
