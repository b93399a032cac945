import type { RunProgress } from "@community-stats/contract/page.ts";
import type { CommandContext } from "./command.ts";

export interface ProgressBar {
  readonly update: (progress: Pick<RunProgress, "step" | "done" | "total">) => void;
  readonly stop: () => void;
}

/** One bar per step on a terminal; elsewhere a line per step and one every ten seconds, so that a log shows that work goes on. */
export async function progressBar(context: CommandContext): Promise<ProgressBar> {
  const { update, stop } = context.interactive ? await drawnBar(context) : loggedSteps(context);
  return {
    update: (progress) => {
      context.noteProgress?.(progress);
      update(progress);
    },
    stop,
  };
}

async function drawnBar({ stderr, now }: CommandContext): Promise<ProgressBar> {
  const { Presets, SingleBar } = await import("cli-progress");
  const bar = new SingleBar(
    {
      format: "{step} {bar} {percentage}% | {value}/{total} | {rate}/s | {eta_formatted} left",
      stream: stderr,
      clearOnComplete: false,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let step: string | null = null;
  let begun = { at: 0, done: 0 };
  return {
    update: (progress) => {
      if (progress.step === step)
        bar.update(progress.done, { rate: rateText(progress.done - begun.done, now() - begun.at) });
      else {
        if (step !== null) bar.stop();
        step = progress.step;
        begun = { at: now(), done: progress.done };
        bar.start(Math.max(1, progress.total), progress.done, { step: step.padEnd(24), rate: "–" });
      }
    },
    stop: () => {
      if (step !== null) bar.stop();
    },
  };
}

function rateText(done: number, ms: number): string {
  if (done <= 0 || ms <= 0) return "–";
  const rate = (done * 1000) / ms;
  return rate >= 10 ? Math.round(rate).toLocaleString("en") : rate.toFixed(1);
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
