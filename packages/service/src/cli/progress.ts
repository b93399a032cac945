import type { RunProgress } from "@community-stats/contract/page.ts";
import { Presets, SingleBar } from "cli-progress";
import type { CommandContext } from "./command.ts";

export interface ProgressBar {
  readonly update: (progress: Pick<RunProgress, "step" | "done" | "total">) => void;
  readonly stop: () => void;
}

/** One bar per step on a terminal; elsewhere a line per step and one every ten seconds, so that a log shows that work goes on. */
export function progressBar(context: CommandContext): ProgressBar {
  return context.interactive ? drawnBar(context) : loggedSteps(context);
}

function drawnBar({ stderr }: CommandContext): ProgressBar {
  const bar = new SingleBar(
    {
      format: "{step} {bar} {percentage}% | {value}/{total} | {eta_formatted}",
      stream: stderr,
      clearOnComplete: false,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let step: string | null = null;
  return {
    update: (progress) => {
      if (progress.step === step) bar.update(progress.done);
      else {
        if (step !== null) bar.stop();
        step = progress.step;
        bar.start(Math.max(1, progress.total), progress.done, { step: step.padEnd(24) });
      }
    },
    stop: () => {
      if (step !== null) bar.stop();
    },
  };
}

function loggedSteps({ stderr, now }: CommandContext): ProgressBar {
  let step: string | null = null;
  let last = 0;
  return {
    update: (progress) => {
      if (progress.step === step && now() - last < 10_000) return;
      step = progress.step;
      last = now();
      const share = progress.total > 0 ? ` ${progress.done}/${progress.total}` : "";
      stderr.write(`${progress.step}${share}\n`);
    },
    stop: () => undefined,
  };
}
