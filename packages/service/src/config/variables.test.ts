import { describe, expect, it } from "vitest";
import { CLUSTER_VARIABLES } from "./cluster.ts";
import { REGISTRY_VARIABLES } from "./run-registry.ts";
import { environmentSource } from "./environment.ts";
import { examine, type Source } from "./load.ts";
import { readPython } from "./python-file.ts";
import { Secret } from "./secret.ts";
import { VARIABLES } from "./variables.ts";

interface Row {
  /** As text of the documentation: it changes only on purpose. */
  readonly default: unknown;
  /** Values that are taken, each with what it becomes where that is something else. */
  readonly good: readonly unknown[];
  /** Values that are refused, each with what is said after its name and value. */
  readonly bad: readonly (readonly [value: unknown, says: string])[];
}

const TYPE = (wanted: string, got: string) => `Invalid input: expected ${wanted}, received ${got}`;
const flag = (value: boolean): Row => ({
  default: value,
  good: [true, false],
  bad: [
    ["maybe", `: ${TYPE("boolean", "string")}`],
    [2, `: ${TYPE("boolean", "number")}`],
    [null, `: ${TYPE("boolean", "null")}`],
  ],
});
const text = (value: string): Row => ({
  default: value,
  good: ["one", "ä ö {title}"],
  bad: [
    [7, `: ${TYPE("string", "number")}`],
    [["x"], `: ${TYPE("string", "array")}`],
  ],
});
const name = (value: string): Row => ({
  ...text(value),
  bad: [...text(value).bad, ["", ": Too small: expected string to have >=1 characters"]],
});
const whole = (value: number | null, least: number, most?: number): Row => ({
  default: value,
  good: [least, most ?? least + 1_000_000],
  bad: [
    [least - 1, `: Too small: expected number to be >=${least}`],
    ...(most === undefined ? [] : [[most + 1, `: Too big: expected number to be <=${most}`] as const]),
    [least + 0.5, `: ${TYPE("int", "number")}`],
    ["many", `: ${TYPE("number", "string")}`],
  ],
});
const factor = (value: number, good: readonly number[], bad: Row["bad"]): Row => ({ default: value, good, bad });
const choice = (value: string, ...choices: string[]): Row => ({
  default: value,
  good: choices,
  bad: [["other", `: Invalid option: expected one of ${choices.map((one) => `"${one}"`).join("|")}`]],
});
const NO_SCHEDULE =
  ".job.schedule: no schedule; write five cron fields (40 * * * *), a map of minute, hour, …, or seconds from 60 on";
const beat = (value: unknown): Row => ({
  default: value,
  good: [
    {},
    { job: { schedule: "5 * * * *" } },
    { job: { task: "t", schedule: { minute: "*/15", hour: 3, day_of_week: "mon-fri" } } },
    { job: { schedule: 3600 } },
  ],
  bad: [
    [{ job: {} }, NO_SCHEDULE],
    [{ job: { schedule: "61 * * * *" } }, '.job.schedule: "61 * * * *" is no schedule: Invalid value for minute: 61'],
    [{ job: { schedule: "0 0 30 2 *" } }, '.job.schedule: "0 0 30 2 *" names no time that ever comes'],
    [{ job: { schedule: 1 } }, ".job.schedule: Too small: expected number to be >=60"],
    [{ job: { schedule: { second: 1 } } }, '.job.schedule: Unrecognized key: "second"'],
    ["40 * * * *", `: ${TYPE("record", "string")}`],
  ],
});
const map = (shape: "record" | "object", row: Omit<Row, "default">, value?: unknown): Row => ({
  default: value,
  good: row.good,
  bad: [...row.bad, [1, `: ${TYPE(shape, "number")}`]],
});
const LAYOUT = {
  tabs: [{ name: "a", label: "A", rows: [{ name: "r", components: [{ component: "SingleStatViews", width: 4 }] }] }],
};
const AGGREGATION = {
  "stats-aggregate-community-record-stats": {
    task: "invenio_stats_dashboard.tasks.aggregate_community_record_stats",
    schedule: "40 * * * *",
  },
};
const CACHING = {
  "stats-cache-hourly-generation": {
    task: "invenio_stats_dashboard.tasks.generate_hourly_cache_task",
    schedule: "50 * * * *",
  },
};
const BYTES = 2 ** 40;

/** Maps have their defaults tested where they take effect; `undefined` stands for that. */
const ROWS: Readonly<Record<string, Row>> = {
  COMMUNITY_STATS_CONFIG: text(""),
  COMMUNITY_STATS_INITIAL_CHUNK_SIZE: whole(50, 1, 10_000),
  COMMUNITY_STATS_MIN_CHUNK_SIZE: whole(1, 1, 10_000),
  COMMUNITY_STATS_MAX_CHUNK_SIZE: whole(100, 1, 10_000),
  STATS_DASHBOARD_REINDEXING_MAX_BATCHES: whole(1000, 1, 1_000_000),
  STATS_DASHBOARD_REINDEXING_BATCH_SIZE: whole(5000, 1, 10_000),
  STATS_DASHBOARD_REINDEXING_MAX_MEMORY_PERCENT: whole(85, 1, 100),
  COMMUNITY_STATS_CHUNK_REDUCTION_FACTOR: factor(
    0.7,
    [0.1, 0.99],
    [
      [0, ": Too small: expected number to be >0"],
      [1, ": Too big: expected number to be <1"],
    ],
  ),
  COMMUNITY_STATS_CHUNK_GROWTH_FACTOR: factor(
    1.05,
    [1.01, 10],
    [
      [1, ": Too small: expected number to be >1"],
      [11, ": Too big: expected number to be <=10"],
    ],
  ),
  COMMUNITY_STATS_DATA_DIR: name("./data"),
  COMMUNITY_STATS_HOST: name("127.0.0.1"),
  PORT: whole(8080, 0, 65_535),
  COMMUNITY_STATS_WORKERS: { ...whole(null, 0, 64), good: [null, 0, 64] },
  COMMUNITY_STATS_LOG_LEVEL: choice("info", "fatal", "error", "warn", "info", "debug", "trace", "silent"),
  COMMUNITY_STATS_INVENIO_URL: {
    default: "",
    good: ["https://repository.example", "http://localhost:5000/"],
    bad: [
      ["repository", ": not an address; write it like https://repository.example"],
      ["ftp://x.example", ": not an address; write it like https://repository.example"],
      ["https://x.example/?a=1", ": an address with ? or #; leave that part out"],
    ],
  },
  COMMUNITY_STATS_ADMIN_TOKEN: {
    default: new Secret(""),
    good: [],
    bad: [
      ["short", ": shorter than 16 characters"],
      ["has blanks in this text", ": holds blanks or characters that a header cannot carry"],
    ],
  },
  COMMUNITY_STATS_HARVEST_TOKEN: {
    default: new Secret(""),
    good: [],
    bad: [["short", ": shorter than 16 characters"]],
  },
  COMMUNITY_STATS_TRUSTED_PROXIES: {
    default: "",
    good: ["10.0.0.0/8, loopback", "::1"],
    bad: [
      ["10.0.0.0/33", ': "10.0.0.0/33" is no address and no network'],
      ["proxy", ': "proxy" is no address and no network'],
    ],
  },
  COMMUNITY_STATS_RATE_LIMIT_ADDRESS: whole(1200, 0, 1_000_000),
  COMMUNITY_STATS_RATE_LIMIT_TOKEN: whole(600, 0, 1_000_000),
  COMMUNITY_STATS_MAX_BODY_BYTES: whole(262_144, 1024, 16_777_216),
  COMMUNITY_STATS_MAX_QUERIES: whole(50, 1, 1000),
  COMMUNITY_STATS_MAX_RANGE_YEARS: whole(300, 1, 300),
  COMMUNITY_STATS_MAX_EXPORTS: whole(4, 1, 100),
  COMMUNITY_STATS_ARRIVAL_TIMEOUT: whole(30, 1, 600),
  COMMUNITY_STATS_ANSWER_TIMEOUT: whole(120, 1, 3600),
  COMMUNITY_STATS_CORS_ORIGINS: {
    default: [],
    good: [["https://x.example"], ["*"]],
    bad: [
      [["x.example"], '.0: not an origin; write it like "https://example.org"'],
      ["https://x.example", `: ${TYPE("array", "string")}`],
    ],
  },
  COMMUNITY_STATS_ENABLED: flag(true),
  COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: flag(false),
  COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED: flag(false),
  COMMUNITY_STATS_SCHEDULED_PUBLISHING_ENABLED: flag(false),
  COMMUNITY_STATS_SCHEDULED_TASKS_ENABLED: {
    default: null,
    good: [true, false],
    bad: flag(false).bad.filter(([value]) => value !== null),
  },
  COMMUNITY_STATS_CELERYBEAT_AGG_SCHEDULE: beat(AGGREGATION),
  COMMUNITY_STATS_CELERYBEAT_CACHE_SCHEDULE: beat(CACHING),
  COMMUNITY_STATS_CELERYBEAT_SCHEDULE: { ...beat(null), good: [...beat(null).good, null] },
  COMMUNITY_STATS_TIMEZONE: {
    default: "UTC",
    good: ["Europe/Vienna"],
    bad: [["Mars/Olympus", ": no time zone; write a name like Europe/Vienna, or UTC"]],
  },
  COMMUNITY_STATS_METRICS: flag(false),
  COMMUNITY_STATS_ENVIRONMENT: choice("production", "production", "development"),
  STATS_DASHBOARD_LOCK_CONFIG: map("object", {
    good: [{ enabled: false }, { aggregation: { lock_timeout: 60, lock_name: "a" } }],
    bad: [
      [{ enabled: "maybe" }, `.enabled: ${TYPE("boolean", "string")}`],
      [{ aggregation: { lock_timeout: 1 } }, ".aggregation.lock_timeout: Too small: expected number to be >=60"],
      [
        { response_caching: { lock_name: "a b" } },
        ".response_caching.lock_name: a lock's name is letters, digits, and . _ : -",
      ],
    ],
  }),
  COMMUNITY_STATS_CACHE_MAX_BYTES: whole(512 * 2 ** 20, 0, BYTES),
  COMMUNITY_STATS_CACHE_MEMORY_BYTES: whole(64 * 2 ** 20, 0, BYTES),
  COMMUNITY_STATS_CATCHUP_INTERVAL: whole(365, 1),
  COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT: whole(20, 1),
  COMMUNITY_STATS_SUBCOUNTS: map("record", {
    good: [{ languages: {} }, { own: { records: { source_fields: [{ field: "metadata.version" }] } } }],
    bad: [
      [{ Languages: {} }, ".Languages: Invalid key in record"],
      [
        { own: { records: { snapshot_type: "some" } } },
        '.own.records.snapshot_type: Invalid option: expected one of "all"|"top"',
      ],
      [
        {
          own: {
            usage_events: {
              event_field: "own",
              extraction_path_for_event: "metadata.own",
              source_fields: [{ field: "metadata.own.id" }],
            },
          },
        },
        '.own.usage_events.source_fields.0.field: "metadata.own.id" is no part of the event\'s field "own", so nothing would be counted; write "own" or "own.<part>"',
      ],
    ],
  }),
  STATS_DASHBOARD_UI_SUBCOUNTS: map("record", { good: [{}, { languages: {} }], bad: [] }),
  STATS_DASHBOARD_UI_CONFIG: map("object", {
    good: [{ global: { title: "Numbers" } }],
    bad: [
      [
        { global: { default_granularity: "hour" } },
        '.global.default_granularity: Invalid option: expected one of "day"|"week"|"month"|"quarter"|"year"',
      ],
      [{ community: { maxHistoryYears: 0 } }, ".community.maxHistoryYears: Too small: expected number to be >=1"],
    ],
  }),
  STATS_DASHBOARD_DEFAULT_RANGE_OPTIONS: map("record", {
    good: [{ day: "7days" }],
    bad: [[{ day: 1 }, `.day: ${TYPE("string", "number")}`]],
  }),
  COMMUNITY_STATS_FISCAL_YEAR_START: whole(1, 1, 12),
  COMMUNITY_STATS_WEEK_START: choice("monday", "monday", "saturday", "sunday"),
  STATS_DASHBOARD_LAYOUT: map("object", {
    good: [{ global: LAYOUT }, { global_layout: null, community_layout: LAYOUT }],
    bad: [[{ global: { tabs: [] } }, ".global.tabs: Too small: expected array to have >=1 items"]],
  }),
  STATS_DASHBOARD_TEMPLATES: map("object", {
    good: [{ global: "shell.html" }, { community: null, macro: "works/macro.html" }],
    bad: [[{ global: 1 }, `.global: ${TYPE("string", "number")}`]],
  }),
  COMMUNITY_STATS_HELP_URL: {
    default: "",
    good: ["", "none", "/help/statistics", "https://repository.example/help"],
    bad: ["help", "//elsewhere.example", "javascript:alert(1)"].map((address) => [
      address,
      ": not an address; write it like /help/statistics or https://repository.example/help, or none",
    ]),
  },
  STATS_DASHBOARD_MENU_ENABLED: flag(true),
  STATS_DASHBOARD_MENU_TEXT: name("Statistics"),
  STATS_DASHBOARD_MENU_ORDER: whole(1, -1000, 1000),
  STATS_DASHBOARD_MENU_ENDPOINT: name("invenio_stats_dashboard.global_stats_dashboard"),
  STATS_DASHBOARD_COMMUNITY_MENU_ENABLED: flag(true),
  STATS_DASHBOARD_COMMUNITY_MENU_TEXT: name("Statistics"),
  STATS_DASHBOARD_COMMUNITY_MENU_ORDER: whole(35, -1000, 1000),
  STATS_DASHBOARD_COMMUNITY_MENU_ENDPOINT: name("invenio_stats_dashboard.community_stats_dashboard"),
  STATS_DASHBOARD_SETTINGS_COMMUNITY_ENABLED_LABEL: text("Enable Dashboard"),
  STATS_DASHBOARD_SETTINGS_COMMUNITY_ENABLED_DESCRIPTION: text("Whoever can see the community can see its statistics."),
  STATS_DASHBOARD_SETTINGS_COMMUNITY_ENABLED_ICON: text("chart line"),
  STATS_DASHBOARD_SETTINGS_COMMUNITY_ENABLED_HELPTEXT: text(""),
  STATS_DASHBOARD_ENABLED_GLOBAL: flag(true),
  STATS_DASHBOARD_ENABLED_COMMUNITY: flag(true),
  STATS_DASHBOARD_COMMUNITY_OPT_IN: flag(false),
  STATS_DASHBOARD_DISABLED_MESSAGE_GLOBAL: text("The statistics of {title} are switched off."),
  STATS_DASHBOARD_DISABLED_MESSAGE_COMMUNITY: text(
    "The managers of this community have not switched its statistics on.",
  ),
  THEME_SHORT_TITLE: text("Repository"),
  APP_RDM_DISPLAY_DECIMAL_FILE_SIZES: flag(true),
  SITE_UI_URL: text(""),
};
/** Their rows are tested with what they shape: the engines, the answers, the pages, the switches. */
const ELSEWHERE = [
  ...CLUSTER_VARIABLES.map(({ name }) => name),
  ...REGISTRY_VARIABLES.map(({ name }) => name),
  "STATS_CACHE_REDIS_URL",
  "STATS_CACHE_REDIS_DB",
  "STATS_CACHE_PREFIX",
  "STATS_CACHE_DEFAULT_TTL",
  "COMMUNITY_STATS_ENGINE",
  "COMMUNITY_STATS_SERIALIZERS",
  "STATS_DASHBOARD_ROUTES",
  "STATS_DASHBOARD_USE_TEST_DATA",
];

function source(values: Readonly<Record<string, unknown>>): Source {
  return { origin: "file", name: "file", values };
}

/** The same value from a file, from the environment under both names, and from an invenio.cfg. */
function sources(variable: string, value: unknown): readonly Source[] {
  const written = typeof value === "string" ? value : JSON.stringify(value);
  const { values } = readPython(`${variable} = ${python(value)}\n`);
  return [
    source({ [variable]: value }),
    environmentSource({ [variable]: written }),
    environmentSource({ [`INVENIO_${variable}`]: written }),
    // The PORT of an invenio.cfg is the host's own.
    ...(variable === "PORT" ? [] : [source(values)]),
  ];
}

function python(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `(${value.map((part) => `${python(part)},`).join(" ")})`;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, below]) => `${JSON.stringify(key)}: ${python(below)}`);
  return `{${entries.join(", ")}}`;
}

describe.each(Object.entries(ROWS))("%s", (variable, row) => {
  it("has its default, and takes good values from every source", () => {
    expect([undefined, examine([]).values[variable]]).toContainEqual(row.default);
    for (const value of row.good) {
      const read = sources(variable, value).map((one) => examine([one]));
      for (const { mistakes, values } of read) {
        expect(mistakes).toEqual([]);
        // Of a map that is merged, the rest is the default's.
        expect([values[variable]]).toMatchObject([value]);
      }
    }
  });

  it("says exactly what is wrong with bad ones", () => {
    for (const [value, says] of row.bad) {
      const { mistakes, values } = examine([source({ [variable]: value })]);
      const [at = "", problem = ""] = [says.slice(0, says.indexOf(": ")), says.slice(says.indexOf(": ") + 2)];
      expect(mistakes.map(({ subject }) => subject)).toEqual([variable]);
      expect(mistakes[0]?.text).toMatch(new RegExp(String.raw`^${variable}${at.replaceAll(".", String.raw`\.`)} = `));
      expect(mistakes[0]?.text.split(" (file): ")[1]).toBe(problem);
      expect(mistakes[0]?.remedy).toMatch(/^(Give .+\.|`community-stats config explain \w+` shows what it takes\.)$/);
      expect(values[variable]).toEqual(examine([]).values[variable]);
    }
  });
});

it("has a row for every variable", () => {
  expect([...Object.keys(ROWS), ...ELSEWHERE].toSorted()).toEqual(VARIABLES.map((row) => row.name).toSorted());
});

it("shows no password of an address", () => {
  const { mistakes } = examine([source({ COMMUNITY_STATS_INVENIO_URL: "https://me:secret@x.example" })]);
  expect(mistakes[0]?.text).toBe(
    'COMMUNITY_STATS_INVENIO_URL = "https://…@x.example" (file): an address with a name or password in it; leave them out',
  );
});
