import type { Label } from "./documents.ts";
import type { LayoutDocument } from "./layout.ts";
import type { Granularity } from "./series.ts";

/** What the server writes into a dashboard page as JSON, in `<script type="application/json" id="stats-dashboard-config">`. */
export interface PageConfig {
  readonly dashboardType: "global" | "community";
  /** "global" or the community's id. */
  readonly scope: string;
  readonly slug: string | null;
  /** Title of the community, or of the repository. */
  readonly scopeTitle: string;
  readonly repositoryTitle: string;
  /** Address of the repository without a trailing slash, for links to its records; null: no links. */
  readonly repositoryUrl: string | null;
  readonly enabled: boolean;
  readonly disabledMessage: string;
  readonly layout: LayoutDocument;
  readonly title: string;
  readonly description: string;
  readonly showTitle: boolean;
  readonly showDescription: boolean;
  readonly maxHistoryYears: number;
  readonly defaultGranularity: Granularity;
  readonly defaultRangeOptions: Readonly<Record<Granularity, string>>;
  /** First month of the institution's year, 1 to 12; other than 1, its years are offered as ranges. */
  readonly fiscalYearStart: number;
  readonly uiBreakdowns: readonly string[];
  readonly binarySizes: boolean;
  readonly locale: string;
  /** Where the API answers, without a trailing slash: "/api/stats-dashboard". */
  readonly apiBase: string;
  /** Where it is said what each number means; null: nowhere. */
  readonly helpUrl: string | null;
  /** Today in UTC as the server sees it, YYYY-MM-DD. */
  readonly today: string;
  /** The use is generated demonstration data: the page says so. */
  readonly generated: boolean;
  /** By what the numbers are split. */
  readonly breakdowns: readonly PageBreakdown[];
  /** The one value that the page is about; null: the page is a dashboard. */
  readonly value: PageValue | null;
  /** Ways to the dashboards, in their order. */
  readonly menu: readonly MenuEntry[];
  /** Address of the repository's dashboard. */
  readonly globalPath: string;
  /** Address of a community's dashboard, `{slug}` in the place of its slug. */
  readonly communityPath: string;
}

/** A way to a dashboard. */
export interface MenuEntry {
  /** Null: "Statistics" in the reader's language. */
  readonly text: string | null;
  readonly href: string;
  readonly current: boolean;
}

/** A breakdown, and which numbers it splits. */
export interface PageBreakdown {
  readonly name: string;
  readonly records: boolean;
  readonly usage: boolean;
  /** A record can have several values of it. */
  readonly several: boolean;
}

/** A value of a breakdown: "funders", "https://ror.org/…", its name. */
export interface PageValue {
  readonly breakdown: string;
  readonly id: string;
  readonly label: Label;
}

/** One entry of `GET <apiBase>/scopes`: the repository and the communities the caller may read. */
export interface ScopeEntry {
  readonly key: string;
  readonly slug: string | null;
  readonly title: string;
}

/** Answer of `GET <apiBase>/status`. */
export interface ServiceStatus {
  readonly asOf: string | null;
  readonly updatedAt: string | null;
  readonly ruleVersion: string;
  readonly running: RunProgress | null;
  readonly generated: boolean;
}

export interface RunProgress {
  readonly startedAt: string;
  readonly firstRun: boolean;
  /** Days (or scopes) done and to do in the present step. */
  readonly step: string;
  readonly done: number;
  readonly total: number;
  /** Last day counted so far. */
  readonly countedTo: string | null;
}
