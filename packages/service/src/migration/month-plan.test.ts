import { describe, expect, it } from "vitest";
import type { EventIndex } from "../engine/event-indices.ts";
import { isShown, monthsOf, planAnew, planMonth, retiring, showing } from "./month-plan.ts";

const KEY = { type: "view", month: "2025-03" } as const;
const NAMES = { read: "events", write: "events-2025-03" };

function index(name: string, more: Partial<EventIndex> = {}): EventIndex {
  const version = /-v2\.0\.(\d+)$/.exec(name)?.[1];
  const form = name.startsWith("backup-") ? "copy" : version === undefined ? "plain" : "enriched";
  return {
    ...KEY,
    name,
    uuid: `u-${name}`,
    form,
    version: version === undefined ? null : Number(version),
    configuration: null,
    enrichedFields: [],
    aliases: [],
    isBlocked: false,
    shards: [{ shard: 0, lastSeqNo: 1 }],
    count: 2,
    ...more,
  };
}

const plan = (indices: readonly EventIndex[], configuration = "now") =>
  planMonth(KEY, indices, { names: NAMES, configuration });
const outline = (indices: readonly EventIndex[], configuration?: string) => {
  const { sources, target, existing } = plan(indices, configuration);
  return [sources.map(({ name }) => name), target, existing !== null];
};

const PLAIN = index("events-2025-03", { aliases: ["events"] });
const ORIGINAL = index("events-2025-03-v2.0.0");
const COPY = index("backup-events-2025-03");
const OURS = index("events-2025-03-v2.0.1", { configuration: "now" });

describe("the plan of a month", () => {
  it.each([
    ["nothing but the repository's index", [PLAIN], [["events-2025-03"], "events-2025-03-v2.0.0", false]],
    [
      "half of what the original did",
      [ORIGINAL, PLAIN],
      [["events-2025-03", "events-2025-03-v2.0.0"], "events-2025-03-v2.0.1", false],
    ],
    [
      "ours, begun",
      [ORIGINAL, OURS, PLAIN],
      [["events-2025-03", "events-2025-03-v2.0.0"], "events-2025-03-v2.0.1", true],
    ],
    ["only ours", [OURS], [[], "events-2025-03-v2.0.1", true]],
    [
      "days in indices of their own",
      [index("events-2025-03-02"), index("events-2025-03-01")],
      [["events-2025-03-02", "events-2025-03-01"], "events-2025-03-v2.0.0", false],
    ],
  ])("%s", (_, indices, expected) => {
    expect(outline(indices)).toEqual(expected);
  });

  it("takes the index that is written to first, whatever its form", () => {
    const written = index("events-2025-03-v2.0.0", { aliases: ["events", "events-2025-03"] });
    expect(outline([COPY, written])[0]).toEqual(["events-2025-03-v2.0.0", "backup-events-2025-03"]);
  });

  it("begins a new version for another configuration, out of the newest that is there", () => {
    expect(outline([index("events-2025-03-v2.0.0", { configuration: "older" }), OURS], "other")).toEqual([
      ["events-2025-03-v2.0.1", "events-2025-03-v2.0.0"],
      "events-2025-03-v2.0.2",
      false,
    ]);
  });

  it.each([
    ["the next version where readers see the present one", { ...OURS, aliases: ["events"] }, null, "v2.0.2"],
    ["the same version where nobody sees it yet", OURS, "events-2025-03-v2.0.1", "v2.0.1"],
  ])("begins anew with %s", (_, ours, unseen, version) => {
    const anew = planAnew(KEY, [ORIGINAL, PLAIN, ours], { names: NAMES, configuration: "now" });
    expect(anew.unseen?.name ?? null).toBe(unseen);
    expect(anew.plan).toMatchObject({ target: `events-2025-03-${version}`, existing: null });
    expect(anew.plan.sources.map(({ name }) => name)).not.toContain(unseen);
  });

  it("leaves indices of other months and kinds alone", () => {
    const others = [index("x", { month: "2025-04" }), index("y", { type: "download" })];
    expect(outline([...others, PLAIN])[0]).toEqual(["events-2025-03"]);
    expect(monthsOf([...others, PLAIN])).toEqual([
      { type: "download", month: "2025-03" },
      { type: "view", month: "2025-03" },
      { type: "view", month: "2025-04" },
    ]);
  });
});

describe("names", () => {
  it("bring readers over in one list, and leave the repository's index its name", () => {
    expect(showing(plan([PLAIN, OURS]), NAMES)).toEqual([
      { kind: "add", index: "events-2025-03-v2.0.1", alias: "events" },
      { kind: "remove", index: "events-2025-03", alias: "events" },
    ]);
  });

  it("bring the writing alias along where there is one", () => {
    const written = index("events-2025-03-v2.0.0", { aliases: ["events", "events-2025-03"] });
    expect(showing(plan([written, OURS]), NAMES)).toEqual([
      { kind: "add", index: "events-2025-03-v2.0.1", alias: "events" },
      { kind: "remove", index: "events-2025-03-v2.0.0", alias: "events" },
      { kind: "remove", index: "events-2025-03-v2.0.0", alias: "events-2025-03" },
      { kind: "add", index: "events-2025-03-v2.0.1", alias: "events-2025-03" },
    ]);
  });

  it("go over to the new index when the old ones are removed", () => {
    expect(retiring(plan([PLAIN, COPY, OURS]), NAMES)).toEqual([
      { kind: "removeIndex", index: "events-2025-03" },
      { kind: "removeIndex", index: "backup-events-2025-03" },
      { kind: "add", index: "events-2025-03-v2.0.1", alias: "events-2025-03" },
    ]);
  });

  it.each([
    ["readers see it alone", [index("events-2025-03"), { ...OURS, aliases: ["events"] }], true],
    ["readers see both", [PLAIN, { ...OURS, aliases: ["events"] }], false],
    ["readers see the old one", [PLAIN, OURS], false],
    ["there is no new one", [PLAIN], false],
  ])("tell whether %s", (_, indices, expected) => {
    expect(isShown(plan(indices), NAMES)).toBe(expected);
  });
});
