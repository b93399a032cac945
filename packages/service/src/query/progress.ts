import type { RunProgress } from "@community-stats/contract/page.ts";
import { z } from "zod";
import type { Engine } from "../engine/engine.ts";
import { AGGREGATION_JOB } from "../engine/job-runs.ts";
import { parseJson } from "./json-text.ts";

/** The detail of a run that has only begun may be empty. */
const detailSchema = z.object({
  step: z.string().catch(""),
  done: z.number().catch(0),
  total: z.number().catch(0),
  firstRun: z.boolean().catch(false),
  countedTo: z.string().nullable().catch(null),
});

/** How far the run that is going on has come; null when none is. */
export async function runProgress({
  engine,
  now,
}: {
  readonly engine: Engine;
  readonly now: () => number;
}): Promise<RunProgress | null> {
  const [run] = await engine.control.runs(AGGREGATION_JOB, 1, now());
  if (run === undefined || run.state !== "running") return null;
  const detail = detailSchema.safeParse(parseJson(run.detail));
  const { step, done, total, firstRun, countedTo } = detail.success ? detail.data : detailSchema.parse({});
  return { startedAt: new Date(run.startedAt).toISOString(), firstRun, step, done, total, countedTo };
}
