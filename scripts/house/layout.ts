/** What a folder may import of ours; the folder itself is always allowed. */
export interface FolderRule {
  /** Path from the root; the longest one that fits a file is its folder. */
  readonly folder: string;
  /** Folders or single files by path from the root; a folder allows what lies under it. */
  readonly may: readonly string[];
  readonly why: string;
}

const contract = "packages/contract/src";
const service = (name: string) => `packages/service/src/${name}`;
const dashboard = (name: string) => `packages/dashboard/src/${name}`;
const services = (...names: readonly string[]) => names.map(service);
const dashboards = (...names: readonly string[]) => names.map(dashboard);

const READS =
  "Nothing on the right of the flow is read by anything on the left, and neighbours do not know each other.";
const STORES =
  "An engine is three stores behind the ports; the arithmetic is the domain's, and engines do not know each other.";
const EDGES = "It uses the parts below it and never an engine's own folder; nothing imports http or cli.";
const SCREEN =
  "The dashboard is drawn from data to page: state, api, select, charts, messages, then ui, widgets, layout, main.";
const data = dashboards("state", "api", "select", "charts", "messages");
const parts = services(
  "domain",
  "engine",
  "ingest",
  "migration",
  "transfer",
  "aggregate",
  "query",
  "export",
  "invenio",
  "config",
  "demo",
);
/** The package says its own version. */
const edges = [contract, ...parts, ...services("cache", "schedule", "app.ts"), "packages/service/package.json"];

export const FOLDERS: readonly FolderRule[] = [
  { folder: contract, may: [], why: "The contract is what everybody else depends on." },
  { folder: service("domain"), may: [contract], why: "The domain is pure." },
  { folder: service("engine"), may: [contract, service("domain")], why: "Ports speak days, columns and rows." },
  ...["memory", "embedded", "opensearch"].map((name) => ({
    folder: service(`engines/${name}`),
    may: [contract, ...services("domain", "engine")],
    why: STORES,
  })),
  ...["ingest", "aggregate", "query"].map((name) => ({
    folder: service(name),
    may: [contract, ...services("domain", "engine")],
    why: READS,
  })),
  {
    folder: service("transfer"),
    may: [contract, ...services("domain", "engine")],
    why: "It copies what any store holds into any other.",
  },
  {
    folder: service("migration"),
    may: [contract, ...services("domain", "engine", "aggregate/aggregation-lease.ts")],
    why: "It knows indices of events by a port, and facts.",
  },
  ...["export", "invenio"].map((name) => ({ folder: service(name), may: [contract], why: READS })),
  { folder: service("config"), may: [contract, service("domain")], why: READS },
  {
    folder: service("demo"),
    may: [contract, service("domain")],
    why: "The demonstration writes files that are fed in like any other.",
  },
  ...["cache", "schedule", "http", "cli"].map((name) => ({ folder: service(name), may: edges, why: EDGES })),
  {
    folder: service("app.ts"),
    may: [contract, ...parts, ...services("engines", "cache", "schedule", "http")],
    why: "It puts the parts together.",
  },
  ...["serve.ts", "commands.ts", "main.ts", "usage.worker.ts", "ledger.worker.ts", "source-values.worker.ts"].map(
    (name) => ({
      folder: service(name),
      may: [...edges, ...services("http", "cli", "serve.ts", "commands.ts")],
      why: "Only app.ts chooses an engine.",
    }),
  ),
  ...["state", "api", "select", "charts", "messages"].map((name) => ({
    folder: dashboard(name),
    may: [contract, ...data],
    why: SCREEN,
  })),
  { folder: dashboard("ui"), may: [contract, ...data], why: SCREEN },
  { folder: dashboard("widgets"), may: [contract, ...data, dashboard("ui")], why: SCREEN },
  { folder: dashboard("layout"), may: [contract, ...data, ...dashboards("ui", "widgets")], why: SCREEN },
  ...["embed", "gallery", "layout-editor", "standing"].map((name) => ({
    folder: dashboard(name),
    may: [contract, ...data, ...dashboards("ui", "widgets", "layout", "styles")],
    why: SCREEN,
  })),
  ...[
    "show",
    "start.ts",
    "invented-page.ts",
    "main.tsx",
    "embed.ts",
    "gallery.tsx",
    "layout-editor.tsx",
    "standing.tsx",
  ].map((name) => ({
    folder: dashboard(name),
    may: [contract, "packages/dashboard/src"],
    why: SCREEN,
  })),
];

/** Packages of others that only some folders may import. */
export interface PackageRule {
  readonly packages: RegExp;
  readonly may: readonly string[];
  readonly why: string;
}

export const PACKAGES: readonly PackageRule[] = [
  {
    packages: /^(@duckdb\/|better-sqlite3$|@opensearch-project\/)/,
    may: [service("engines"), service("cache")],
    why: "Clients of databases stay inside the engine that is made of them.",
  },
  {
    packages: /^zod(\/|$)/,
    may: [
      contract,
      ...services("config", "http", "ingest", "invenio", "engines", "query", "cli", "demo"),
      dashboard("api"),
    ],
    why: "Input is parsed once, at the boundary, into plain types.",
  },
];

/** A place outside of which a kind of expression is an error, for the code of the packages. */
export interface ConfinedRule {
  readonly kind: "clock" | "random" | "environment";
  readonly may: readonly string[];
  readonly why: string;
}

export const CONFINED: readonly ConfinedRule[] = [
  {
    kind: "clock",
    may: [
      ...services("app.ts", "serve.ts", "main.ts", "cli"),
      ...dashboards("main.tsx", "embed.ts", "gallery.tsx", "layout-editor.tsx", "standing.tsx"),
    ],
    why: "The clock is passed in (`now`), so that a test can set it.",
  },
  {
    kind: "random",
    may: services("app.ts", "serve.ts", "main.ts"),
    why: "Randomness is passed in, so that a test can repeat it.",
  },
  {
    kind: "environment",
    may: services("config", "main.ts", "serve.ts"),
    why: "The environment is read by the configuration only, so that every value has one meaning and an origin.",
  },
];

/** Files that are one table or one schema, and may be as long as it is. */
export const LONG_TABLES: readonly RegExp[] = [/^packages\/dashboard\/src\/messages\/catalogues\/[a-z]+\.ts$/];
