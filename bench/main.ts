/** `npm run bench`: every budget measured on this machine. `-- --smoke` takes a small size and asserts no time; `-- --only usage|ledger|exports|serving|cluster` one part, serving with `--data <counted folder>`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CLUSTER_FULL, CLUSTER_SMOKE, clusterBench } from "./cluster.ts";
import { EXPORT_POINTS, exportsBench } from "./exports.ts";
import { LEDGER_FULL, LEDGER_SMOKE, ledgerBench } from "./ledger.ts";
import { liveFigures } from "./live.ts";
import { type Figure, holds, line, record } from "./report.ts";
import { keptBench, SERVING_FULL, SERVING_SMOKE, servingBench } from "./serving.ts";
import { usageBench } from "./usage.ts";
import { FULL, SMOKE } from "./workload.ts";

const { values } = parseArgs({
  options: {
    smoke: { type: "boolean", default: false },
    only: { type: "string" },
    data: { type: "string" },
    events: { type: "string" },
  },
});
const workload = values.smoke ? SMOKE : { ...FULL, events: Number(values.events ?? FULL.events) };

async function usage(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const counted = await usageBench(workload, folder);
    return [
      ...counted,
      ...(await liveFigures(workload, join(folder, "live"))),
      ...(await servingBench(folder, values.smoke ? SERVING_SMOKE : SERVING_FULL)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ledger(): readonly Figure[] {
  const size = values.smoke ? LEDGER_SMOKE : LEDGER_FULL;
  const result = ledgerBench(size);
  const two = ledgerBench({ ...size, threads: 2 });
  return [
    {
      name: `ledger: ${result.records} records, ${result.scopes} scopes, one thread`,
      value: result.ledgerSeconds,
      unit: "s",
    },
    {
      name: "ledger: the same on two threads",
      value: two.ledgerSeconds,
      unit: "s",
      limit: { kind: "most", value: 20 },
    },
    {
      name: "ledger: peak memory on two threads",
      value: two.peakMegabytes,
      unit: "MB",
      limit: { kind: "most", value: 1500 },
    },
    { name: "ledger: one thread in processor time", value: result.ledgerCpuSeconds, unit: "s" },
    { name: "ledger: building the history before", value: result.buildCpuSeconds, unit: "s" },
    { name: "ledger: rows", value: result.blobBytes / 1e6, unit: "MB" },
    { name: "ledger: checkpoints", value: result.checkpointBytes / 1e6, unit: "MB" },
    { name: "ledger: peak memory", value: result.peakMegabytes, unit: "MB", limit: { kind: "most", value: 1500 } },
  ];
}

/** Kept answers alone, from a folder that is counted already. */
async function servingOnly(): Promise<readonly Figure[]> {
  if (values.only !== "serving") return [];
  if (values.data === undefined) throw new Error("--only serving needs --data <counted folder>");
  return await keptBench(values.data, values.smoke ? SERVING_SMOKE : SERVING_FULL);
}

/** Needs Java and Redis, so it is asked for by name. */
async function clusterOnly(): Promise<readonly Figure[]> {
  if (values.only !== "cluster") return [];
  const full = { ...CLUSTER_FULL, events: Number(values.events ?? CLUSTER_FULL.events) };
  return await clusterBench(values.smoke ? CLUSTER_SMOKE : full);
}

const wants = (part: string): boolean => values.only === undefined || values.only === part;
const figures = [
  ...(wants("usage") ? await usage() : []),
  ...(await servingOnly()),
  ...(await clusterOnly()),
  ...(wants("ledger") ? ledger() : []),
  ...(wants("exports") ? await exportsBench(EXPORT_POINTS[values.smoke ? "smoke" : "full"]) : []),
];
process.stdout.write(`${figures.map(line).join("\n")}\n`);
if (!values.smoke) {
  process.stdout.write(`kept in ${await record(values.only ?? "all", figures)}\n`);
  if (!figures.every(holds)) process.exitCode = 1;
}
