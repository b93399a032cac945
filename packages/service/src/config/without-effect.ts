const ROWS: readonly (readonly [reason: string, names: readonly string[]])[] = [
  [
    "aggregations and queries follow from COMMUNITY_STATS_SUBCOUNTS",
    ["COMMUNITY_STATS_AGGREGATIONS", "COMMUNITY_STATS_QUERIES", "STATS_DASHBOARD_COMPONENT_METRICS_REGISTRY"],
  ],
  [
    "counting writes whole days at once, not in chunks of a search index",
    ["COMMUNITY_STATS_BULK_INDEX_TIMEOUT", "COMMUNITY_STATS_BULK_OVERHEAD", "COMMUNITY_STATS_FILTER_AGGREGATION_SIZE"],
  ],
  [
    "counting needs no estimate of its memory",
    [
      "COMMUNITY_STATS_WS_OVERHEAD",
      "COMMUNITY_STATS_SCAN_OVERHEAD",
      "COMMUNITY_STATS_DELTA_OVERHEAD",
      "COMMUNITY_STATS_MEM_SAFETY_FACTOR",
      "COMMUNITY_STATS_TOP_GROWTH_FACTOR",
      "COMMUNITY_STATS_TOP_GROWTH_FLOOR_FACTOR",
      "COMMUNITY_STATS_TOP_HARD_CAP_PER_KEY",
      "COMMUNITY_STATS_TOP_DISCOVERY_DECAY",
      "COMMUNITY_STATS_AVG_DELTA_BYTES",
      "COMMUNITY_STATS_INMEMORY_MULTIPLIER",
      "COMMUNITY_STATS_MEM_BUDGET_BYTES",
      "COMMUNITY_STATS_MEM_HIGH_WATER_PERCENT",
    ],
  ],
  [
    "snapshots are not scanned page by page",
    [
      "COMMUNITY_STATS_SCAN_PAGE_SIZE",
      "COMMUNITY_STATS_SCAN_PAGE_SIZE_MIN",
      "COMMUNITY_STATS_SCAN_PAGE_SIZE_MAX",
      "COMMUNITY_STATS_SCAN_SCROLL",
      "COMMUNITY_STATS_DELTA_BUFFER_SIZE",
    ],
  ],
  [
    "a query reads the days of its range at once, without pages",
    [
      "STATS_DATA_SERIES_PAGE_SIZE",
      "STATS_DATA_SERIES_PAGE_SIZE_MIN",
      "STATS_DATA_SERIES_PAGE_SIZE_MAX",
      "STATS_DATA_SERIES_PAGE_OVERHEAD",
      "STATS_DATA_SERIES_SERIES_OVERHEAD",
      "STATS_DATA_SERIES_MEM_SAFETY_FACTOR",
      "STATS_DATA_SERIES_INMEMORY_MULTIPLIER",
      "STATS_DATA_SERIES_BYTES_PER_DATAPOINT",
      "STATS_DATA_SERIES_AVG_DOC_BYTES",
      "STATS_DATA_SERIES_MEM_BUDGET_BYTES",
      "STATS_DATA_SERIES_MEM_HIGH_WATER_PERCENT",
    ],
  ],
  [
    "answers are compressed as each client asks by Accept-Encoding",
    [
      "STATS_CACHE_COMPRESSION_METHOD",
      "STATS_DASHBOARD_COMPRESS_JSON",
      "STATS_DASHBOARD_CLIENT_CACHE_COMPRESSION_ENABLED",
    ],
  ],
  [
    "a function of the repository cannot run here; it registers the repository's own menus",
    ["STATS_DASHBOARD_MENU_REGISTRATION_FUNCTION", "STATS_DASHBOARD_COMMUNITY_MENU_REGISTRATION_FUNCTION"],
  ],
  ["the addresses of the API are fixed", ["STATS_DASHBOARD_API_ROUTES"]],
  ["an answer always carries what was asked, and no more", ["STATS_DASHBOARD_OPTIMIZE_DATA_SERIES"]],
  ["a migration compares every event, not a sample", ["STATS_DASHBOARD_REINDEXING_MAX_SPOT_CHECK_SAMPLE_SIZE"]],
  ["events are classified when they are read in, by the lists of robots and machines", ["STATS_EVENTS"]],
  [
    "it belongs to the repository itself; `community-stats integrate` prints what is added there",
    [
      "STATS_REGISTER_INDEX_TEMPLATES",
      "COMMUNITIES_NAMESPACES",
      "COMMUNITIES_CUSTOM_FIELDS",
      "COMMUNITIES_CUSTOM_FIELDS_UI",
      "CELERY_BEAT_SCHEDULE",
    ],
  ],
];

/** Variables of the original that are accepted and change nothing here, each with the reason. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = Object.fromEntries(
  ROWS.flatMap(([reason, names]) => names.map((name) => [name, reason])),
);
