/** Rows of use are thousands of bytes: on larger pages few of them are cut into pieces. */
export const ROLLUP_PAGE_BYTES = 32_768;
/**
 * `rollups.sqlite`: everything that is derived from facts. Deleting the file loses nothing but time.
 * A file of an older version is emptied: its numbers are counted anew, from the facts.
 * Numbers of generations and series are never given out again: other processes remember them.
 */
export const ROLLUP_VERSION = 4;
export const ROLLUP_SCHEMA = `
${[
  "generation",
  "progress",
  "restatement",
  "counted",
  "term",
  "series",
  "rollup",
  "usage_window",
  "checkpoint",
  "first_day",
  "label",
  "extract",
]
  .map((table) => `DROP TABLE IF EXISTS ${table};`)
  .join("\n")}
CREATE TABLE IF NOT EXISTS generation (id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, rules TEXT NOT NULL, live INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS progress (generation INTEGER PRIMARY KEY, through INTEGER, counted INTEGER, record_seq INTEGER NOT NULL, failed_scopes TEXT NOT NULL, updated REAL);
CREATE TABLE IF NOT EXISTS restatement (id INTEGER PRIMARY KEY, at REAL NOT NULL, from_rule TEXT NOT NULL, to_rule TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counted (generation INTEGER, day INTEGER, event_version INTEGER NOT NULL, record_seq INTEGER NOT NULL, PRIMARY KEY (generation, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS term (kind TEXT NOT NULL, code INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, code)) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS term_text ON term (kind, text);
CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY AUTOINCREMENT, generation INTEGER NOT NULL, kind TEXT NOT NULL, scope INTEGER NOT NULL, breakdown TEXT NOT NULL, UNIQUE (generation, kind, scope, breakdown));
CREATE TABLE IF NOT EXISTS rollup (series INTEGER, period INTEGER, data BLOB NOT NULL, PRIMARY KEY (series, period)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS usage_window (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoint (series INTEGER, period INTEGER, data BLOB NOT NULL, PRIMARY KEY (series, period)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS first_day (generation INTEGER, kind TEXT, scope INTEGER, day INTEGER NOT NULL, PRIMARY KEY (generation, kind, scope)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS label (generation INTEGER, breakdown TEXT, value INTEGER, start INTEGER, label TEXT NOT NULL, PRIMARY KEY (generation, breakdown, value, start)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS extract (definition TEXT, seq INTEGER, data BLOB NOT NULL, PRIMARY KEY (definition, seq)) WITHOUT ROWID;
`;
