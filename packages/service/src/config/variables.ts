import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { layoutSchema } from "@community-stats/contract/layout-schema.ts";
import { DEFAULT_LAYOUT } from "@community-stats/contract/layout.ts";
import { GRANULARITIES, WEEK_STARTS } from "@community-stats/contract/series.ts";
import { subcountsOf, subcountsSchema } from "@community-stats/contract/subcounts.ts";
import { z } from "zod";
import { ACCESS_VARIABLES } from "./access.ts";
import { CACHE_VARIABLES } from "./answer-cache.ts";
import { ANSWER_VARIABLES } from "./answers.ts";
import { CLUSTER_VARIABLES } from "./cluster.ts";
import { PUBLICATION_VARIABLES } from "./publication.ts";
import { REINDEXING_VARIABLES } from "./reindexing.ts";
import { OPERATION_VARIABLES } from "./operation.ts";
import { FRAME_VARIABLES } from "./page-frame.ts";
import { REGISTRY_VARIABLES } from "./run-registry.ts";
import { SETTINGS_FORM_VARIABLES } from "./settings-form.ts";

/** One configuration variable. Maps are merged key by key with the default; everything else replaces it. */
export interface Variable {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly default: unknown;
  readonly meaning: string;
  /** Top-level keys of a map are merged into the default; `deep` goes on below. */
  readonly merge?: "shallow" | "deep";
  /** Its value is in no message and no report. */
  readonly secret?: boolean;
}

const flag = z.boolean();
const text = z.string();
const positive = z.number().int().min(1);
const map = z.record(z.string(), z.unknown());
const granularity = z.enum(GRANULARITIES);
const pageConfig = z.looseObject({
  title: text,
  description: text,
  maxHistoryYears: positive.max(200),
  default_granularity: granularity,
  show_title: flag,
  show_description: flag,
});
const page = (description: string) => ({
  title: "Statistics",
  description,
  maxHistoryYears: 15,
  default_granularity: "month",
  show_title: true,
  show_description: false,
});

/** Every variable that is read. Names and defaults: the configuration manual; where only the original's code has one, that. */
export const VARIABLES: readonly Variable[] = [
  row(
    "COMMUNITY_STATS_CONFIG",
    text,
    "",
    "Configuration file, as `--config FILE`; by default community-stats.config.json, .yaml, .mjs or .ts, or invenio.cfg, of the working folder.",
  ),
  row(
    "COMMUNITY_STATS_DATA_DIR",
    text.min(1),
    "./data",
    "Folder of facts, rollups and cache of the embedded engine; with `opensearch`, of what this machine keeps of what it has read.",
  ),
  row(
    "COMMUNITY_STATS_ENGINE",
    z.enum(["embedded", "memory", "opensearch"]),
    "embedded",
    "Where facts and rollups are kept: in the data folder, in memory only, or in OpenSearch and Redis for several machines.",
  ),
  ...CLUSTER_VARIABLES,
  ...PUBLICATION_VARIABLES,
  ...REINDEXING_VARIABLES,
  row("COMMUNITY_STATS_HOST", text.min(1), "127.0.0.1", "Address on which `serve` listens; 0.0.0.0 for all."),
  row("PORT", z.number().int().min(0).max(65_535), 8080, "Port on which `serve` listens; 0 takes a free one."),
  row(
    "COMMUNITY_STATS_WORKERS",
    z.number().int().min(0).max(64),
    null,
    "Threads that count use; by default one per core, at most two.",
    true,
  ),
  row(
    "COMMUNITY_STATS_LOG_LEVEL",
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
    "info",
    "Least severity that is logged.",
  ),
  ...ACCESS_VARIABLES,
  ...ANSWER_VARIABLES,
  row("COMMUNITY_STATS_ENABLED", flag, true, "The whole service."),
  row(
    "COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED",
    flag,
    false,
    "Hourly aggregation; `aggregate` needs it or --force.",
  ),
  row(
    "COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED",
    flag,
    false,
    "Hourly warming of the cache; `cache generate` needs it or --force.",
  ),
  ...OPERATION_VARIABLES,
  ...CACHE_VARIABLES,
  ...REGISTRY_VARIABLES,
  row(
    "COMMUNITY_STATS_CATCHUP_INTERVAL",
    positive,
    365,
    "Most days of use that are counted at a stretch: an aggregation that has more to do goes on in steps of so many days, each complete in itself.",
  ),
  row("COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT", positive, 20, "Longest list kept for `top` breakdowns in snapshots."),
  {
    ...row(
      "COMMUNITY_STATS_SUBCOUNTS",
      subcountsSchema,
      subcountsOf(DEFAULT_BREAKDOWNS),
      "Metadata fields by which numbers are split.",
    ),
    merge: "shallow",
  },
  {
    ...row("STATS_DASHBOARD_UI_SUBCOUNTS", map, uiSubcounts(), "Breakdowns offered by the dashboard."),
    merge: "shallow",
  },
  {
    ...row(
      "STATS_DASHBOARD_ROUTES",
      z.looseObject({ global: text, community: text }),
      { global: "/stats", community: "/communities/<community_id>/stats" },
      "Addresses of the pages.",
    ),
    merge: "shallow",
  },
  {
    ...row(
      "STATS_DASHBOARD_UI_CONFIG",
      z.looseObject({ global: pageConfig, community: pageConfig }),
      {
        global: page("This is the global stats dashboard."),
        community: page("This is the community stats dashboard."),
      },
      "Title and defaults of the pages.",
    ),
    merge: "deep",
  },
  {
    ...row(
      "STATS_DASHBOARD_DEFAULT_RANGE_OPTIONS",
      z.partialRecord(granularity, text),
      { day: "30days", week: "12weeks", month: "12months", quarter: "4quarters", year: "5years" },
      "First range of each granularity.",
    ),
    merge: "shallow",
  },
  row(
    "COMMUNITY_STATS_FISCAL_YEAR_START",
    z.number().int().min(1).max(12),
    1,
    "Month in which the fiscal or academic year begins, 1 to 12. Other than 1, such years to date and before are offered as ranges; bars by year stay calendar years.",
  ),
  row(
    "COMMUNITY_STATS_WEEK_START",
    z.enum(WEEK_STARTS),
    "monday",
    "First day of the weeks into which the dashboard, the API and files fold days.",
  ),
  row(
    "STATS_DASHBOARD_LAYOUT",
    layouts(),
    { global: DEFAULT_LAYOUT },
    "Layouts by type: global, community (also as global_layout, community_layout).",
  ),
  ...FRAME_VARIABLES,
  ...SETTINGS_FORM_VARIABLES,
  row("STATS_DASHBOARD_ENABLED_GLOBAL", flag, true, "Dashboard and numbers of the whole repository."),
  row("STATS_DASHBOARD_ENABLED_COMMUNITY", flag, true, "Dashboards and numbers of communities."),
  row("STATS_DASHBOARD_COMMUNITY_OPT_IN", flag, false, "Only communities whose field stats:dashboard_enabled is true."),
  row(
    "STATS_DASHBOARD_DISABLED_MESSAGE_GLOBAL",
    text,
    "The statistics of {title} are switched off.",
    "Text where they are off; {title} is the repository's name.",
  ),
  row(
    "STATS_DASHBOARD_DISABLED_MESSAGE_COMMUNITY",
    text,
    "The managers of this community have not switched its statistics on.",
    "Text where a community's are off.",
  ),
  row(
    "STATS_DASHBOARD_USE_TEST_DATA",
    flag,
    false,
    "Serve generated numbers from memory instead of the stored ones, and say so on every page; refused in production.",
  ),
  row("THEME_SHORT_TITLE", text, "Repository", "Name of the repository."),
  row("APP_RDM_DISPLAY_DECIMAL_FILE_SIZES", flag, true, "Bytes in powers of 1000; off: of 1024."),
  row("SITE_UI_URL", text, "", "Address of the repository, for links into its search; empty: no links."),
];

function row(name: string, schema: z.ZodType, value: unknown, meaning: string, nullable = false): Variable {
  return { name, schema: nullable ? schema.nullable() : schema, default: value, meaning };
}

function uiSubcounts(): Record<string, unknown> {
  return Object.fromEntries(DEFAULT_BREAKDOWNS.map((breakdown) => [breakdown.name, {}]));
}

function layouts(): z.ZodType {
  const layout = layoutSchema.nullish();
  return z.object({ global: layout, community: layout, global_layout: layout, community_layout: layout });
}
