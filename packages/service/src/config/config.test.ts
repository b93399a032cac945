import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { describe, expect, it } from "vitest";
import { loadConfig } from "./config.ts";
import { parseLiteral } from "./literal.ts";
import { LiteralError } from "./python-value.ts";
import { ConfigError } from "./load.ts";

describe("parseLiteral", () => {
  it.each<[string, unknown]>([
    ["True", true],
    ["false", false],
    ["None", null],
    ["42", 42],
    ["-0.7", -0.7],
    ["'x'", "x"],
    ['"a\\u00e9\\n"', "aé\n"],
    ["{'a': 1, 'b': [True, None,],}", { a: 1, b: [true, null] }],
    ["(1, 2)", [1, 2]],
    ['{"a": {"b": true}}', { a: { b: true } }],
    ["_('Statistics')", "Statistics"],
    ["'one ' 'two'", "one two"],
  ])("%s", (text, expected) => {
    expect(parseLiteral(text)).toEqual(expected);
  });

  it.each(["open('/etc/passwd')", "1 + 1", "x", "{'a'", "[1", "", "lambda: 1", "{'a': x}", "redis://host"])(
    "refuses %s",
    (text) => {
      expect(() => parseLiteral(text)).toThrow(LiteralError);
    },
  );
});

describe("loadConfig", () => {
  it("has the manual's defaults", () => {
    const config = loadConfig({});
    expect(config.breakdowns).toEqual(DEFAULT_BREAKDOWNS);
    expect(config.topLimit).toBe(20);
    expect(config.scheduledAggregation).toBe(false);
    expect(config.dashboard.global.maxHistoryYears).toBe(15);
    expect(config.dashboard.defaultRangeOptions.month).toBe("12months");
  });

  it("has the month in which the institution's year begins", () => {
    expect(loadConfig({}).dashboard.fiscalYearStart).toBe(1);
    expect(loadConfig({ COMMUNITY_STATS_FISCAL_YEAR_START: "7" }).dashboard.fiscalYearStart).toBe(7);
  });

  it.each(["true", "True", "1", "yes", "ON"])("takes %s for on", (text) => {
    expect(loadConfig({ INVENIO_COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: text }).scheduledAggregation).toBe(true);
  });

  it.each(["false", "False", "0", "no", "off"])("takes %s for off", (text) => {
    expect(loadConfig({ COMMUNITY_STATS_ENABLED: text }).enabled).toBe(false);
  });

  it("merges maps key by key", () => {
    const config = loadConfig({ STATS_DASHBOARD_UI_CONFIG: "{'global': {'title': 'Numbers'}}" });
    expect(config.dashboard.global.title).toBe("Numbers");
    expect(config.dashboard.community.title).toBe("Statistics");
  });

  it("switches one side of a breakdown off and keeps the rest", () => {
    const config = loadConfig({ COMMUNITY_STATS_SUBCOUNTS: '{"languages": {"records": {}, "usage_events": {}}}' });
    const languages = config.breakdowns.find((breakdown) => breakdown.name === "languages");
    expect(languages).toMatchObject({ records: null, usage: null });
    expect(config.breakdowns).toHaveLength(12);
  });

  it("reports all mistakes at once, each with name and value", () => {
    const broken = { PORT: "99999", COMMUNITY_STATS_ENABLED: "maybe", COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT: "0" };
    const message = messageOf(() => loadConfig(broken));
    expect(message).toMatch(/PORT = 99999/);
    expect(message).toMatch(/COMMUNITY_STATS_ENABLED = "maybe"/);
    expect(message).toMatch(/COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT = 0/);
  });

  it("keeps the value that is there when the environment gives an empty text", () => {
    expect(loadConfig({ PORT: "" }).port).toBe(8080);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}
