import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Of tests that wait for nothing: a busy host takes its time. */
const plainTimeoutMs = 30_000;
const serviceTimeoutMs = 60_000;
const browserTimeoutMs = 120_000;
const clusterTimeoutMs = 120_000;

export default defineConfig({
  test: {
    // By default one core is left idle, which on a machine of two is half of it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: "contract",
          root: "packages/contract",
          include: ["{src,test}/**/*.test.ts"],
          testTimeout: plainTimeoutMs,
        },
      },
      {
        test: {
          name: "service",
          root: "packages/service",
          include: ["{src,test}/**/*.test.ts"],
          testTimeout: serviceTimeoutMs,
          hookTimeout: serviceTimeoutMs,
        },
      },
      {
        test: {
          name: "cluster",
          root: "packages/service",
          include: ["test/**/*.cluster.ts"],
          globalSetup: [`${import.meta.dirname}/scripts/cluster-setup.mjs`],
          testTimeout: clusterTimeoutMs,
          hookTimeout: clusterTimeoutMs,
        },
      },
      {
        extends: "packages/dashboard/vite.config.ts",
        test: {
          name: "dashboard",
          root: "packages/dashboard",
          include: ["{src,test}/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          testTimeout: plainTimeoutMs,
        },
      },
      {
        test: { name: "scripts", root: ".", include: ["scripts/**/*.test.{ts,mjs}", "bench/**/*.test.ts"] },
      },
      {
        test: {
          name: "e2e",
          root: ".",
          include: ["e2e/**/*.e2e.ts"],
          globalSetup: "e2e/demonstration.ts",
          fileParallelism: false,
          testTimeout: browserTimeoutMs,
          hookTimeout: browserTimeoutMs,
        },
      },
    ],
  },
});
