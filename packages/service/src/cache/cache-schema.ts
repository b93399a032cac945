/** "CSca": a file of another program is never taken for ours. */
export const APPLICATION_ID = 0x43536361;
export const CACHE_VERSION = 1;

/** The body stands last, so that everything else is read without it. */
export const CACHE_SCHEMA = `
CREATE TABLE entries (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  query TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  parameters TEXT NOT NULL,
  format TEXT NOT NULL,
  state TEXT NOT NULL,
  setup TEXT NOT NULL,
  hash TEXT NOT NULL,
  freshness TEXT NOT NULL,
  encoding TEXT NOT NULL,
  content_bytes INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX entries_by_use ON entries (used_at, bytes, state);
CREATE INDEX entries_by_scope ON entries (scope, bytes);
`;
