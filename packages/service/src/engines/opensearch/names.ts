/** The indices of this product. Only these are ever made, written or removed; everything of the repository is only read. */
export interface IndexNames {
  /** Matches them all, and nothing else. */
  readonly all: string;
  /** Days of events, their parts, texts, cursors, communities, runs, settings. */
  readonly facts: string;
  /** Record, membership and deletion facts, in one sequence. */
  readonly records: string;
  /** What all generations of numbers share. */
  readonly rollups: string;
  /** The numbers of one generation. */
  readonly numbers: (generation: number) => string;
  /** Name of the template of a kind of index. */
  readonly template: (kind: string) => string;
  /** Start of all keys in Redis. */
  readonly keys: string;
}

/** Those of later versions than the first. */
const MAPPING_VERSIONS: Readonly<Record<string, number>> = { numbers: 2 };

/** Version of the mappings of a kind of index. It stands in the names of the templates: a release with other mappings brings its own. */
export function mappingVersion(kind: string): number {
  return MAPPING_VERSIONS[kind] ?? 1;
}

/** @param prefix that of the instance (`SEARCH_INDEX_PREFIX`), with its dash; "" for none. */
export function indexNames(prefix: string): IndexNames {
  const own = `${prefix}community-stats-`;
  return {
    all: `${own}*`,
    facts: `${own}facts`,
    records: `${own}records`,
    rollups: `${own}rollups`,
    numbers: (generation) => `${own}numbers-${generation}`,
    template: (kind) => `${own}${kind}-v${mappingVersion(kind)}`,
    keys: own,
  };
}
