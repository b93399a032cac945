import type { CommandEntry } from "./cli/program.ts";

/** Every command; the table of help and of the command line. Each is loaded when it is chosen. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "setup",
    summary: "Take a new installation from nothing to full dashboards; run it again to go on.",
    load: async () => (await import("./cli/setup.ts")).setupCommand,
  },
  {
    name: "doctor",
    summary: "Look for what is wrong, from the configuration to the freshness of the numbers, and say what to do.",
    load: async () => (await import("./cli/doctor.ts")).doctorCommand,
  },
  {
    name: "serve",
    summary: "Answer the statistics API and show the dashboards.",
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  {
    name: "worker",
    summary: "Do the scheduled work, without a server; with the engine opensearch, share the counting of all machines.",
    load: async () => (await import("./serve.ts")).workerCommand,
  },
  {
    name: "harvest",
    summary: "Fetch communities and records from the repository's own API, those that changed since the last time.",
    load: async () => (await import("./cli/harvest.ts")).harvestCommand,
  },
  {
    name: "ingest",
    summary:
      "Read records, communities, memberships and usage events from files, or from the repository's own indices.",
    load: async () => (await import("./cli/ingest.ts")).ingestCommand,
  },
  {
    name: "aggregate",
    summary: "Count what is new, day by day.",
    load: async () => (await import("./cli/aggregate.ts")).aggregateCommand,
  },
  {
    name: "aggregate-background",
    summary: "Count what is new, in a process of its own.",
    load: async () => (await import("./cli/aggregate.ts")).aggregateBackgroundCommand,
  },
  {
    name: "read",
    summary: "Print the numbers of a query.",
    load: async () => (await import("./cli/read.ts")).readCommand,
  },
  {
    name: "export",
    summary: "Write the numbers of queries to a file: JSON, CSV, XLSX or XML.",
    load: async () => (await import("./cli/export.ts")).exportCommand,
  },
  {
    name: "publish",
    summary: "Write the daily documents into the repository's indices, under the original's names (engine opensearch).",
    load: async () => (await import("./cli/publish.ts")).publishCommand,
  },
  {
    name: "status",
    summary: "Show how far everything is counted and what is wrong.",
    load: async () => (await import("./cli/status.ts")).statusCommand,
  },
  {
    name: "clear-bookmarks",
    summary: "Let the next aggregation count again what was counted.",
    load: async () => (await import("./cli/clear-bookmarks.ts")).clearBookmarksCommand,
  },
  {
    name: "clear-lock",
    summary: "Show the locks that are held, or free one whose holder is lost.",
    load: async () => (await import("./cli/clear-lock.ts")).clearLockCommand,
  },
  {
    name: "enable-dashboards",
    summary: "Switch the dashboards of communities on.",
    load: async () => (await import("./cli/dashboards.ts")).enableDashboardsCommand,
  },
  {
    name: "disable-dashboards",
    summary: "Switch the dashboards of communities off.",
    load: async () => (await import("./cli/dashboards.ts")).disableDashboardsCommand,
  },
  {
    name: "destroy-indices",
    summary: "Delete everything that was counted, of this installation only; the facts stay.",
    load: async () => (await import("./cli/destroy-indices.ts")).destroyIndicesCommand,
  },
  {
    name: "verify",
    summary: "Read every stored fact, count all anew in memory, and compare with what is stored.",
    load: async () => (await import("./cli/verify.ts")).verifyCommand,
  },
  {
    name: "backup",
    summary: "Copy the facts to another folder, while everything goes on.",
    load: async () => (await import("./cli/backup.ts")).backupCommand,
  },
  {
    name: "copy",
    summary: "Copy all facts from one engine to the other, and compare them; run it again to go on.",
    load: async () => (await import("./cli/copy.ts")).copyCommand,
  },
  {
    name: "demo",
    summary: "Fill the data folder with real records and generated use, and count it.",
    load: async () => (await import("./cli/demo.ts")).demoCommand,
  },
  {
    name: "cache info",
    summary: "Show how much the cache holds.",
    load: async () => (await import("./cli/cache-show.ts")).cacheInfoCommand,
  },
  {
    name: "cache list",
    summary: "List what the cache holds.",
    load: async () => (await import("./cli/cache-show.ts")).cacheListCommand,
  },
  {
    name: "cache generate",
    summary: "Make the answers that the dashboards and yearly queries need, before anybody asks.",
    load: async () => (await import("./cli/cache-generate.ts")).cacheGenerateCommand,
  },
  {
    name: "cache generate-background",
    summary: "Make answers before anybody asks, in a process of its own.",
    load: async () => (await import("./cli/cache-generate.ts")).cacheGenerateBackgroundCommand,
  },
  {
    name: "cache clear-all",
    summary: "Empty the cache.",
    load: async () => (await import("./cli/cache-clear.ts")).cacheClearAllCommand,
  },
  {
    name: "cache clear-pattern",
    summary: "Remove the entries whose keys fit a pattern.",
    load: async () => (await import("./cli/cache-clear.ts")).cacheClearPatternCommand,
  },
  {
    name: "cache clear-item",
    summary: "Remove the answers to one query about one community.",
    load: async () => (await import("./cli/cache-clear.ts")).cacheClearItemCommand,
  },
  {
    name: "cache test",
    summary: "Write, read and remove an entry, to see that the cache works.",
    load: async () => (await import("./cli/cache-test.ts")).cacheTestCommand,
  },
  {
    name: "community-events generate",
    summary: "Write down since when records belong to their communities, where no event says so.",
    load: async () => (await import("./cli/community-events.ts")).communityEventsGenerateCommand,
  },
  {
    name: "community-events status",
    summary: "Say of how many records no event tells since when they belong to their communities.",
    load: async () => (await import("./cli/community-events.ts")).communityEventsStatusCommand,
  },
  {
    name: "community-events generate-background",
    summary: "Write down since when records belong to their communities, in a process of its own.",
    load: async () => (await import("./cli/community-events.ts")).communityEventsBackgroundCommand,
  },
  {
    name: "usage-events generate",
    summary: "Invent views and downloads of the records that there are, for trials; refused in production.",
    load: async () => (await import("./cli/usage-events.ts")).usageEventsGenerateCommand,
  },
  {
    name: "usage-events generate-background",
    summary: "Invent views and downloads, in a process of its own.",
    load: async () => (await import("./cli/usage-events.ts")).usageEventsBackgroundCommand,
  },
  {
    name: "usage-events status",
    summary: "Show how many events there are, month by month, and how far their migration is.",
    load: async () => (await import("./cli/usage-events-status.ts")).usageEventsStatusCommand,
  },
  {
    name: "usage-events migrate",
    summary: "Write the repository's events, enriched, into new indices that readers see (engine opensearch).",
    load: async () => (await import("./cli/usage-events-migrate.ts")).usageEventsMigrateCommand,
  },
  {
    name: "usage-events migrate-background",
    summary: "Write the repository's events, enriched, into new indices, in a process of its own.",
    load: async () => (await import("./cli/usage-events-migrate.ts")).usageEventsMigrateBackgroundCommand,
  },
  {
    name: "usage-events clear-bookmarks",
    summary: "Let the next migration of events copy and compare from the start; what is copied stays.",
    load: async () => (await import("./cli/usage-events-clear.ts")).usageEventsClearCommand,
  },
  {
    name: "usage-events cleanup-old-indices",
    summary: "Remove the old indices of months that are over and whose every event is verified in the new one.",
    load: async () => (await import("./cli/usage-events-cleanup.ts")).usageEventsCleanupCommand,
  },
  {
    name: "usage-events purge",
    summary: "Remove all invented views and downloads; what was observed stays.",
    load: async () => (await import("./cli/usage-events-purge.ts")).usageEventsPurgeCommand,
  },
  {
    name: "processes status",
    summary: "Show how far a background process is.",
    load: async () => (await import("./cli/processes.ts")).processesStatusCommand,
  },
  {
    name: "processes cancel",
    summary: "Ask a background process to stop; it saves what it has.",
    load: async () => (await import("./cli/processes.ts")).processesCancelCommand,
  },
  {
    name: "processes list",
    summary: "List the background processes, running and ended.",
    load: async () => (await import("./cli/processes.ts")).processesListCommand,
  },
  {
    name: "config show",
    summary: "Show every variable with the value that is used.",
    load: async () => (await import("./cli/config-show.ts")).configShowCommand,
  },
  {
    name: "config check",
    summary: "Tell all mistakes of the configuration, each with what to do.",
    load: async () => (await import("./cli/config-check.ts")).configCheckCommand,
  },
  {
    name: "config explain",
    summary: "Say what a variable means, takes, and is.",
    load: async () => (await import("./cli/config-explain.ts")).configExplainCommand,
  },
  {
    name: "config import",
    summary: "Print the variables of an invenio.cfg that have a meaning here, as YAML or JSON.",
    load: async () => (await import("./cli/config-import.ts")).configImportCommand,
  },
  {
    name: "integrate",
    summary: "Print what an InvenioRDM operator adds: custom fields, menu entries, rules for the proxy.",
    load: async () => (await import("./cli/integrate.ts")).integrateCommand,
  },
  {
    name: "completion",
    summary: "Print a script that completes commands and options in a shell.",
    load: async () => (await import("./cli/completion.ts")).completionCommand(COMMANDS),
  },
];
