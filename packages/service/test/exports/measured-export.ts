import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { directAnswering } from "../../src/cache/direct-answering.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { FORMATS } from "../../src/export/formats.ts";
import { Queries } from "../../src/query/queries.ts";
import { OPERATOR } from "../../src/query/scopes.ts";
import { clockAt } from "../counted-world.ts";
import { writeManyPoints, YEAR } from "./many-points.ts";

/** Started as a process of its own: fills a folder ("fill <folder> <points>"), or exports from it ("<format> <folder>") and says what that took. */
const [task = "", dataDir = "", points = "0"] = process.argv.slice(2);
const engine = await openEmbedded({ dataDir });
if (task === "fill") await writeManyPoints(engine, Number(points));
else process.stdout.write(JSON.stringify(await measure(task)));
await engine.close();

async function measure(format: string) {
  const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: clockAt("2025-01-01") });
  const query = "usage-delta-category";
  const params = { ...YEAR, category: "countries" };
  const { scope, plan, parameters, state } = await queries.prepare(query, params, OPERATOR);
  const serializer = FORMATS.find(({ id }) => id === format);
  if (serializer === undefined) throw new Error(`there is no format ${format}`);
  const entry = { label: query, query, scope, parameters, plan, state };
  const site = { repositoryTitle: "Repository", siteUrl: "" };
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const { body } = await directAnswering({ queries, site }).answer({
    entries: [entry],
    shape: "bare",
    serializer,
    encoding: "identity",
    problemOf: null,
  });
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      setImmediate(done);
    },
  });
  await pipeline(Buffer.isBuffer(body) ? Readable.from([body]) : body, sink);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { format, bytes, ms: Math.round(performance.now() - started), peakMb, beforeMb: before / 2 ** 20 };
}
