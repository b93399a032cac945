// Starts OpenSearch and Redis once for all tests of the project "cluster", unless they run already.
import { provideCluster, startCluster } from "./cluster.mjs";

export async function setup() {
  if (process.env.TEST_OPENSEARCH_URL && process.env.TEST_REDIS_URL) return undefined;
  const reason = await provideCluster();
  if (reason !== null) throw new Error(`The tests of the cluster cannot run: ${reason}`);
  const { variables, stop } = await startCluster();
  Object.assign(process.env, variables);
  return stop;
}
