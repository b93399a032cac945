// Starts OpenSearch and Redis, runs a command with their addresses in the environment and ends them:
//   node scripts/cluster.mjs vitest run --project cluster      one run of the suite
//   node scripts/cluster.mjs                                   prints the addresses and stays until it is interrupted
import { pathToFileURL } from "node:url";
import { commandLine, environment, exitWith, run } from "./node24.mjs";
import { provideRedis, startRedis } from "./redis.mjs";
import { provideSearchNode, startSearchNode } from "./search-node.mjs";

/** Small enough that tests meet "413 Request Entity Too Large"; a request of ours must fit, or be divided. */
const LARGEST_REQUEST = "4mb";

/** @returns null when both can be started, else the reason. */
export async function provideCluster() {
  return (await provideSearchNode()) ?? (await provideRedis());
}

/** @returns `variables` for the environment and `stop()`. */
export async function startCluster() {
  const [search, redis] = await Promise.all([
    startSearchNode({
      settings: { "http.max_content_length": LARGEST_REQUEST, "cluster.max_shards_per_node": 20_000 },
    }),
    startRedis(),
  ]);
  return {
    variables: { TEST_OPENSEARCH_URL: search.url, TEST_REDIS_URL: redis.url },
    stop: async () => {
      await Promise.all([search.stop(), redis.stop()]);
    },
  };
}

async function main([name, ...rest]) {
  const reason = await provideCluster();
  if (reason !== null) throw new Error(reason);
  const { variables, stop } = await startCluster();
  try {
    if (name === undefined) return await stay(variables);
    const { file, args } = commandLine(name, rest);
    process.exitCode = (await run(file, args, { env: environment(variables) })).code;
  } finally {
    await stop();
  }
}

async function stay(variables) {
  for (const [name, value] of Object.entries(variables)) process.stdout.write(`export ${name}=${value}\n`);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2)).catch(exitWith);
