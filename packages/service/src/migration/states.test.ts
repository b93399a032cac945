import { describe, expect, it } from "vitest";
import { nextPhase, type Phase, PHASES, type Step } from "./states.ts";

const STEPS: readonly Step[] = [
  "begin",
  "pause",
  "copied",
  "differs",
  "clean",
  "switched",
  "drained",
  "arrived",
  "retire",
];

function allowed(phase: Phase, step: Step): Phase | null {
  try {
    return nextPhase(phase, step);
  } catch {
    return null;
  }
}

describe("the phases of a month", () => {
  it("go from planned to retired", () => {
    const steps: readonly Step[] = ["begin", "copied", "clean", "switched", "copied", "drained", "retire"];
    const way = steps.reduce<readonly Phase[]>(
      (phases, step) => [...phases, nextPhase(phases.at(-1) ?? "planned", step)],
      ["planned"],
    );
    expect(way).toEqual([
      "planned",
      "running",
      "verifying",
      "cut-over",
      "draining",
      "verifying",
      "verified",
      "retired",
    ]);
  });

  it("reach the change of names only out of a comparison that found nothing", () => {
    const before = PHASES.filter((phase) => STEPS.some((step) => allowed(phase, step) === "cut-over"));
    expect(before).toEqual(["verifying"]);
  });

  it("reach the removal only out of verified", () => {
    const before = PHASES.filter(
      (phase) => phase !== "retired" && STEPS.some((step) => allowed(phase, step) === "retired"),
    );
    expect(before).toEqual(["verified"]);
  });

  it("never finish by a pause", () => {
    const after = PHASES.map((phase) => allowed(phase, "pause")).filter((phase) => phase !== null);
    expect(new Set(after)).toEqual(new Set(["paused"]));
  });

  it("begin with work again after a pause, whatever came before it", () => {
    expect(nextPhase("paused", "begin")).toBe("running");
    expect(nextPhase("cut-over", "begin")).toBe("running");
    expect(() => nextPhase("paused", "clean")).toThrow('a month that is paused cannot go on by "clean"');
  });
});
