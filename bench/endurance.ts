/** `npm run bench:endurance`: 20,000 random requests made from openapi.json; `-- <requests> <seed>` others. Nothing may fail, hang or grow. */
import { endure, growthPerRequest } from "../packages/service/test/contracts/endurance.ts";
import { type Figure, holds, line, record } from "./report.ts";

const [requests = "20000", seed = "1"] = process.argv.slice(2);
const endurance = await endure(Number(requests), Number(seed));
const { faults, unclear, statuses, slowestMs, seconds, heap } = endurance;
const megabytes = (bytes: number) => bytes / 1e6;
const figures: readonly Figure[] = [
  { name: "endurance: requests", value: endurance.requests, unit: "" },
  { name: "endurance: requests a second", value: endurance.requests / seconds, unit: "/s" },
  { name: "endurance: answers of 500 and above", value: faults.length, unit: "", limit: { kind: "most", value: 0 } },
  { name: "endurance: refusals without a problem", value: unclear.length, unit: "", limit: { kind: "most", value: 0 } },
  { name: "endurance: slowest answer", value: slowestMs, unit: "ms", limit: { kind: "most", value: 5000 } },
  {
    name: "endurance: heap, growth with each request",
    value: growthPerRequest(endurance),
    unit: "B",
    limit: { kind: "most", value: 100 },
  },
  ...heap.map((bytes, part) => ({ name: `endurance: heap after ${part * 10} %`, value: megabytes(bytes), unit: "MB" })),
  ...Object.entries(statuses).map(([status, count]) => ({
    name: `endurance: status ${status}`,
    value: count,
    unit: "",
  })),
];
process.stdout.write(`${figures.map(line).join("\n")}\n${[...faults, ...unclear].join("\n")}\n`);
if (Number(requests) >= 20_000) process.stdout.write(`kept in ${await record("endurance", figures)}\n`);
if (!figures.every(holds)) process.exitCode = 1;
