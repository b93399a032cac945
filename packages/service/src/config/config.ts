import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { DEFAULT_LAYOUT, type LayoutDocument } from "@community-stats/contract/layout.ts";
import { GRANULARITIES, type Granularity, WEEK_STARTS, type WeekStart } from "@community-stats/contract/series.ts";
import { breakdownsOf, subcountsSchema } from "@community-stats/contract/subcounts.ts";
import { z } from "zod";
import { accessSettings, type AccessSettings } from "./access.ts";
import { cacheSettings, type CacheSettings } from "./answer-cache.ts";
import { answerSettings, type AnswerSettings } from "./answers.ts";
import {
  lockSettings,
  type LockSettings,
  scheduledSwitch,
  scheduleSettings,
  type ScheduleSettings,
} from "./operation.ts";
import { clusterSettings, type ClusterSettings } from "./cluster.ts";
import { type PublicationChunks, publicationChunks } from "./publication.ts";
import { type RegistrySettings, registrySettings } from "./run-registry.ts";
import { type ReindexingLimits, reindexingLimits } from "./reindexing.ts";
import { frameSettings, type FrameSettings } from "./page-frame.ts";
import { settingsForm, type SettingsForm } from "./settings-form.ts";
import { environmentSource } from "./environment.ts";
import { CONFIG_FILE } from "./config-file-name.ts";
import { Secret } from "./secret.ts";
import { examine, load, type Loaded, type Source } from "./load.ts";

/** Title and first view of a kind of page. */
export interface PageSettings {
  readonly title: string;
  readonly description: string;
  readonly maxHistoryYears: number;
  readonly defaultGranularity: Granularity;
  readonly showTitle: boolean;
  readonly showDescription: boolean;
}

/** The configuration as used: every default filled in. */
export interface Config {
  /** Path of the configuration file; null where there is none. */
  readonly file: string | null;
  readonly dataDir: string;
  readonly engine: "embedded" | "memory" | "opensearch";
  readonly cluster: ClusterSettings;
  /** Documents in a request of `publish`. */
  readonly publicationChunks: PublicationChunks;
  readonly scheduledPublishing: boolean;
  /** Null where the engine does without Redis. */
  readonly registry: RegistrySettings | null;
  /** Of the migration of events. */
  readonly reindexing: ReindexingLimits;
  readonly host: string;
  readonly port: number;
  /** Threads that count use; null lets the runner decide. */
  readonly workers: number | null;
  readonly logLevel: string;
  readonly enabled: boolean;
  readonly scheduledAggregation: boolean;
  readonly scheduledCaching: boolean;
  readonly schedule: ScheduleSettings;
  readonly locks: Readonly<Record<"aggregation" | "caching", LockSettings>>;
  /** Most days of use that are counted at a stretch. */
  readonly catchUpDays: number;
  readonly metrics: boolean;
  readonly environment: "production" | "development";
  /** Generated numbers instead of the stored ones; never in production. */
  readonly testData: boolean;
  readonly cache: CacheSettings;
  readonly breakdowns: readonly Breakdown[];
  readonly topLimit: number;
  /** First day of the weeks into which days are folded. */
  readonly weekStart: WeekStart;
  readonly repositoryTitle: string;
  readonly siteUrl: string;
  readonly binarySizes: boolean;
  readonly access: AccessSettings;
  /** For fetching records from the repository; null: as a guest. */
  readonly harvestToken: Secret | null;
  readonly answers: AnswerSettings;
  readonly dashboard: {
    readonly enabledGlobal: boolean;
    readonly enabledCommunity: boolean;
    readonly communityOptIn: boolean;
    readonly disabledMessageGlobal: string;
    readonly disabledMessageCommunity: string;
    readonly routes: { readonly global: string; readonly community: string };
    readonly global: PageSettings;
    readonly community: PageSettings;
    readonly defaultRangeOptions: Readonly<Record<Granularity, string>>;
    /** First month of the institution's year, 1 to 12. */
    readonly fiscalYearStart: number;
    readonly layoutGlobal: LayoutDocument;
    readonly layoutCommunity: LayoutDocument;
    readonly uiBreakdowns: readonly string[];
    readonly frame: FrameSettings;
    readonly settingsForm: SettingsForm;
  };
  /** Values by name, where they came from, and what is wrong with them. */
  readonly loaded: Loaded;
}

/** The configuration of an environment alone. @throws ConfigError with all mistakes. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return configFrom([environmentSource(environment)]);
}

/** @param sources in their order, later wins. @throws ConfigError with all mistakes. */
export function configFrom(sources: readonly Source[]): Config {
  return Object.freeze(configOf(load(sources)));
}

/** As `configFrom` for commands that tell of mistakes: what does not fit is left out and stands in `loaded.mistakes`. */
export function configDespiteMistakes(sources: readonly Source[]): Config {
  return Object.freeze(configOf(examine(sources)));
}

function configOf(loaded: Loaded): Config {
  const read = reader(loaded);
  const isSet = (name: string) => loaded.origins[name] !== "default";
  const file = read(CONFIG_FILE, z.string());
  const engine = read("COMMUNITY_STATS_ENGINE", z.enum(["embedded", "memory", "opensearch"]));
  const cluster = clusterSettings(read);
  return {
    file: file === "" ? null : file,
    dataDir: read("COMMUNITY_STATS_DATA_DIR", z.string()),
    engine,
    cluster,
    publicationChunks: publicationChunks(read),
    scheduledPublishing: read("COMMUNITY_STATS_SCHEDULED_PUBLISHING_ENABLED", z.boolean()),
    reindexing: reindexingLimits(read),
    host: read("COMMUNITY_STATS_HOST", z.string()),
    port: read("PORT", z.number()),
    workers: read("COMMUNITY_STATS_WORKERS", z.number().nullable()),
    logLevel: read("COMMUNITY_STATS_LOG_LEVEL", z.string()),
    enabled: read("COMMUNITY_STATS_ENABLED", z.boolean()),
    scheduledAggregation: scheduledSwitch(read, isSet, "COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED"),
    scheduledCaching: scheduledSwitch(read, isSet, "COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED"),
    schedule: scheduleSettings(read, isSet),
    locks: lockSettings(read),
    catchUpDays: read("COMMUNITY_STATS_CATCHUP_INTERVAL", z.number()),
    metrics: read("COMMUNITY_STATS_METRICS", z.boolean()),
    environment: read("COMMUNITY_STATS_ENVIRONMENT", z.enum(["production", "development"])),
    testData: read("STATS_DASHBOARD_USE_TEST_DATA", z.boolean()),
    registry: registrySettings(read, { engine, clusterRedis: cluster.redisUrl, indexPrefix: cluster.indexPrefix }),
    cache: cacheSettings(read, { engine, clusterRedis: cluster.redisUrl, indexPrefix: cluster.indexPrefix }),
    breakdowns: breakdownsOf(read("COMMUNITY_STATS_SUBCOUNTS", subcountsSchema)),
    topLimit: read("COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT", z.number()),
    weekStart: read("COMMUNITY_STATS_WEEK_START", z.enum(WEEK_STARTS)),
    repositoryTitle: read("THEME_SHORT_TITLE", z.string()),
    siteUrl: read("SITE_UI_URL", z.string()),
    binarySizes: !read("APP_RDM_DISPLAY_DECIMAL_FILE_SIZES", z.boolean()),
    access: accessSettings(read),
    harvestToken: nonEmpty(read("COMMUNITY_STATS_HARVEST_TOKEN", z.instanceof(Secret))),
    answers: answerSettings(read),
    dashboard: dashboardOf(read, file === "" ? null : file),
    loaded,
  };
}

type Read = <T>(name: string, schema: z.ZodType<T>) => T;

function reader(loaded: Loaded): Read {
  return (name, schema) => schema.parse(loaded.values[name]);
}

function nonEmpty(secret: Secret): Secret | null {
  return secret.reveal() === "" ? null : secret;
}

function dashboardOf(read: Read, file: string | null): Config["dashboard"] {
  const pages = read("STATS_DASHBOARD_UI_CONFIG", z.object({ global: pageSettings, community: pageSettings }));
  const layouts = read("STATS_DASHBOARD_LAYOUT", z.record(z.string(), z.custom<LayoutDocument | null>()));
  const layoutGlobal = layouts["global_layout"] ?? layouts["global"] ?? DEFAULT_LAYOUT;
  const ranges = read("STATS_DASHBOARD_DEFAULT_RANGE_OPTIONS", z.partialRecord(z.enum(GRANULARITIES), z.string()));
  return {
    enabledGlobal: read("STATS_DASHBOARD_ENABLED_GLOBAL", z.boolean()),
    enabledCommunity: read("STATS_DASHBOARD_ENABLED_COMMUNITY", z.boolean()),
    communityOptIn: read("STATS_DASHBOARD_COMMUNITY_OPT_IN", z.boolean()),
    disabledMessageGlobal: read("STATS_DASHBOARD_DISABLED_MESSAGE_GLOBAL", z.string()),
    disabledMessageCommunity: read("STATS_DASHBOARD_DISABLED_MESSAGE_COMMUNITY", z.string()),
    routes: read("STATS_DASHBOARD_ROUTES", z.object({ global: z.string(), community: z.string() })),
    global: pages.global,
    community: pages.community,
    defaultRangeOptions: {
      day: "30days",
      week: "12weeks",
      month: "12months",
      quarter: "4quarters",
      year: "5years",
      ...ranges,
    },
    fiscalYearStart: read("COMMUNITY_STATS_FISCAL_YEAR_START", z.number()),
    layoutGlobal,
    layoutCommunity: layouts["community_layout"] ?? layouts["community"] ?? layoutGlobal,
    uiBreakdowns: Object.keys(read("STATS_DASHBOARD_UI_SUBCOUNTS", z.record(z.string(), z.unknown()))),
    frame: frameSettings(read, file),
    settingsForm: settingsForm(read),
  };
}

const pageSettings = z
  .object({
    title: z.string(),
    description: z.string(),
    maxHistoryYears: z.number(),
    default_granularity: z.enum(GRANULARITIES),
    show_title: z.boolean(),
    show_description: z.boolean(),
  })
  .transform((page): PageSettings => ({
    title: page.title,
    description: page.description,
    maxHistoryYears: page.maxHistoryYears,
    defaultGranularity: page.default_granularity,
    showTitle: page.show_title,
    showDescription: page.show_description,
  }));
