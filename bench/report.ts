import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

/** One measured figure beside its budget (docs/architecture.md). */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** "most" and "least" are limits; without one the figure is told only. */
  readonly limit?: { readonly kind: "most" | "least"; readonly value: number };
}

export function holds({ value, limit }: Figure): boolean {
  if (limit === undefined) return true;
  return limit.kind === "most" ? value <= limit.value : value >= limit.value;
}

export function line(figure: Figure): string {
  const { name, value, unit, limit } = figure;
  const told = `${name.padEnd(52)} ${value.toFixed(value < 10 ? 2 : 0).padStart(10)} ${unit.padEnd(9)}`;
  if (limit === undefined) return told;
  return `${told} ${limit.kind === "most" ? "≤" : "≥"} ${limit.value}  ${holds(figure) ? "ok" : "MISSED"}`;
}

/** Keeps the figures as JSON below bench/results. */
export async function record(name: string, figures: readonly Figure[]): Promise<string> {
  const folder = join(import.meta.dirname, "results");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${new Date().toISOString().slice(0, 10)}-${name}.json`);
  await writeFile(
    path,
    `${JSON.stringify({ name, date: new Date().toISOString(), machine: machine(), figures }, null, 2)}\n`,
  );
  return path;
}

/** Where the figures were measured. */
function machine(): object {
  const [one] = cpus();
  return {
    processor: one?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}
