import type { ServiceStatus } from "@community-stats/contract/page.ts";
import type { FastifyInstance } from "fastify";
import type { Queries } from "../query/queries.ts";
import type { Assets } from "./assets.ts";
import type { FrameLanguages, FrameWords } from "./frame-words.ts";
import { loadNumbersTexts, type NumbersText } from "./numbers-texts.ts";
import { prosePage } from "./page-html.ts";
import { sendPage } from "./page-routes.ts";
import { howWeCountPath, routePath } from "./paths.ts";
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
  const path = howWeCountPath(options.globalRoute);
  const textIn = await loadNumbersTexts();
  app.get(path, async (request, reply) => {
    const words = options.languages(request);
    return sendPage(reply, page(options, textIn(words.language), { status: await options.queries.status(), words }));
  });
  refuseOtherMethods(app, path, ["GET", "HEAD"]);
}

interface Moment {
  readonly status: ServiceStatus;
  readonly words: FrameWords;
}

function page(
  { assets, repositoryTitle, globalRoute }: HowWeCountOptions,
  { prose, language }: NumbersText,
  { status, words }: Moment,
): string {
  return prosePage(prose, {
    assets,
    repositoryTitle,
    back: routePath(globalRoute),
    words,
    language,
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
