import { describe, expect, it } from "vitest";
import { missingCommunities } from "./communities.ts";
import { usedRecord, type UsedRecord } from "./subjects-of-use.ts";
import { generateUse } from "./use.ts";

const record: UsedRecord = {
  id: "abc-1",
  parent: "abc-0",
  createdDay: 18_000,
  views: 4000,
  downloads: 1000,
  files: [{ key: "paper.pdf", size: 10 }],
};
const options = { seed: 7, firstDay: 17_897, lastDay: 19_000, scale: 1 };
const events = (records: readonly UsedRecord[], changed = {}) =>
  [...generateUse(records, { ...options, ...changed })]
    .flat()
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("generateUse", () => {
  it("gives the same lines for the same seed, others for another", () => {
    expect(events([record])).toEqual(events([record]));
    expect(events([record], { seed: 8 })).not.toEqual(events([record]));
  });

  it("comes near the published totals and marks every event", () => {
    const all = events([record]);
    const people = all.filter((event) => event["is_robot"] === false);
    const views = people.filter((event) => event["event"] === "record-view").length;
    expect(Math.abs(views - 4000 * 1.03)).toBeLessThan(300);
    expect(all.every((event) => event["synthetic"] === true)).toBe(true);
  });

  it("has robots, double clicks and late arrivals", () => {
    const all = events([record]);
    const slots = all.map(
      (event) =>
        `${String(event["visitor_id"])} ${String(event["unique_id"])} ${String(event["timestamp"]).slice(0, 18)}`,
    );
    expect(all.some((event) => event["is_robot"] === true)).toBe(true);
    expect(new Set(slots).size).toBeLessThan(slots.length);
    expect(
      all.some((event) => String(event["updated_timestamp"]).slice(0, 10) > String(event["timestamp"]).slice(0, 10)),
    ).toBe(true);
  });

  it("has no use before a record exists and no downloads without files", () => {
    const all = events([{ ...record, createdDay: 18_500, files: [], downloads: 0 }]);
    expect(all.every((event) => String(event["timestamp"]) >= "2020-08-26")).toBe(true);
    expect(all.every((event) => event["event"] === "record-view")).toBe(true);
  });
});

describe("usedRecord", () => {
  it("reads totals and files of a record, and helps itself where there are no totals", () => {
    const line = {
      id: "1",
      created: "2020-01-01T00:00:00+00:00",
      parent: { id: "0" },
      files: { entries: { a: { key: "a" } } },
    };
    expect(usedRecord(JSON.stringify(line))).toMatchObject({
      id: "1",
      createdDay: 18_262,
      files: [{ key: "a", size: 0 }],
    });
    expect(usedRecord(JSON.stringify(line))?.views).toBeGreaterThan(0);
  });
});

describe("missingCommunities", () => {
  it("describes the ids that records name and no corpus knows", () => {
    const lines = missingCommunities(
      ['{"parent":{"communities":{"ids":["ipbes","known"]}}}', '{"parent":{"communities":{}}}'],
      ['{"id":"known"}'],
    );
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { id: "ipbes", metadata: { title: "IPBES" } },
    ]);
  });
});
