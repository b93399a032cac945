import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { expect, it } from "vitest";
import type { ControlStore, Lease } from "../engine/control-store.ts";
import type { Engine } from "../engine/engine.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { openMemory } from "../engines/memory/open.ts";
import { aggregate } from "./runner.ts";

const away = () => Promise.reject(new Error("the control store is away"));
const settle: FactStore["settle"] = () => Promise.reject(new Error("the disk is full"));

it("tells what ended a run, also where neither its end can be noted nor its lease be given back", async () => {
  const lease: Lease = { name: "community_stats_aggregation", token: 1, renew: async () => true, release: away };
  const memory = openMemory({ clock: Date.now });
  const control: ControlStore = Object.assign(memory.control, { acquire: async () => lease, endRun: away });
  const engine: Engine = { ...memory, control, facts: Object.assign(memory.facts, { settle }) };
  const run = aggregate(engine, { breakdowns: DEFAULT_BREAKDOWNS, workers: 1, owner: "test", now: Date.now });
  await expect(run).rejects.toThrow("the disk is full");
});
