import { parseDay } from "@community-stats/contract/days.ts";
import { answerLocally } from "./api/http.ts";
import { prepare, type Start } from "./start.ts";
import { inventedAnswer, worldOf } from "./gallery/answer.ts";

const API_BASE = "/invented-numbers";

/** A page whose answers are made in the browser; null where there is no place for it. */
export async function prepareInvented(): Promise<Start | null> {
  const ready = await prepare();
  const today = parseDay(ready?.config.today ?? "");
  if (ready === null || today === null) return null;
  const world = worldOf(today);
  answerLocally(API_BASE, (address) => inventedAnswer(address, world));
  return { ...ready, config: { ...ready.config, apiBase: API_BASE, repositoryUrl: null, generated: true } };
}
