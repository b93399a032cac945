import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongFilesFirst } from "./scripts/test-order.ts";

/** By default one core is left idle, which on a machine of two is half of it. */
const maxWorkers = Math.max(2, availableParallelism() - 1);
/** Of tests that wait for nothing: a busy host takes its time. */
const plainTimeoutMs = 30_000;
const serviceTimeoutMs = 60_000;
const browserTimeoutMs = 120_000;
/** Beside browsers on two cores, what takes ten seconds alone has taken two minutes. */
const clusterTimeoutMs = 300_000;
/** Of what is looked at until it is so, which by default is given up after a second. */
const pollTimeoutMs = 20_000;

// Files of tests that are not isolated share what they import, and a document: making either takes longer than most of their tests.
export default defineConfig({
  test: {
    maxWorkers,
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        test: {
          name: "contract",
          root: "packages/contract",
          include: ["{src,test}/**/*.test.ts"],
          isolate: false,
          testTimeout: plainTimeoutMs,
        },
      },
      {
        test: {
          name: "service",
          root: "packages/service",
          include: ["src/**/*.test.ts"],
          isolate: false,
          testTimeout: serviceTimeoutMs,
        },
      },
      {
        test: {
          name: "service-suites",
          root: "packages/service",
          include: ["test/**/*.test.ts"],
          testTimeout: serviceTimeoutMs,
          hookTimeout: serviceTimeoutMs,
        },
      },
      {
        test: {
          name: "cluster",
          root: "packages/service",
          // Rounds of faults are a long proof with a command of its own.
          include: [process.env["FAULT_ROUNDS"] === undefined ? "test/**/*.cluster.ts" : "test/**/*.rounds.ts"],
          globalSetup: [`${import.meta.dirname}/scripts/cluster-setup.mjs`],
          expect: { poll: { timeout: pollTimeoutMs } },
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
          maxWorkers,
          isolate: false,
          testTimeout: plainTimeoutMs,
        },
      },
      {
        test: {
          name: "scripts",
          root: ".",
          include: ["scripts/**/*.test.{ts,mjs}"],
          testTimeout: plainTimeoutMs,
        },
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
