import { openMemory } from "../packages/service/src/engines/memory/open.ts";
import { buildHistory } from "../packages/service/src/aggregate/history.ts";
import { countingTables } from "../packages/service/src/aggregate/usage-dims.ts";
import { UsageKernel } from "../packages/service/src/domain/kernel.ts";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import * as w from "./workload.ts"; import * as f from "./fact-lines.ts";
const N = Number(process.argv[2] ?? 1e6);
const load = { ...w.FULL, events: N, days: Math.round(365*N/1e7) };
const recs = f.allRecords(load);
const mem = openMemory();
await mem.facts.append({ records: recs.map(f.recordLine), communities: Array.from({length:500},(_, i) => f.communityLine(i+1)) });
for (const d of w.benchDays(load)) await mem.facts.append({ events: f.eventBatch(recs, d) });
const {history} = await buildHistory({facts: mem.facts, rollups: mem.rollups, breakdowns: DEFAULT_BREAKDOWNS});
const tables = await countingTables({facts: mem.facts, rollups: mem.rollups, history, breakdowns: DEFAULT_BREAKDOWNS});
const days = []; for await (const d of mem.facts.events((await mem.facts.eventDays()).map(d=>d.day))) days.push(d);
const kernel = new UsageKernel(tables.dims);
const c0 = process.cpuUsage(); const t0 = performance.now(); let rows=0, blobs = 0, bytes=0, rec=0;
for (const d of days) { const r = kernel.count(d); blobs += r.packed.scope.length; bytes += r.packed.data.length; rec += r.records.count; }
const c = process.cpuUsage(c0); console.log({cpu: (c.user+c.system)/1e6, wall: (performance.now()-t0)/1e3, blobs, bytes, rec, days: days.length});
