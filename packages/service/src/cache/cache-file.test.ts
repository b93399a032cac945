import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asidePath } from "./cache-database.ts";
import { CacheFile } from "./cache-file.ts";
import { keyText, type CacheSubject } from "./cache-key.ts";
import type { StoredAnswer } from "./kept-answers.ts";

let folder = "";
let path = "";
let now = 0;
let warnings: string[] = [];
const files: CacheFile[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cache-"));
  path = join(folder, "cache.sqlite");
  now = 1000;
  warnings = [];
});
afterEach(() => {
  for (const file of files.splice(0)) file.close();
  rmSync(folder, { recursive: true });
});

function open(maxBytes = 1 << 20): CacheFile {
  const file = new CacheFile({ path, busyMs: 50, maxBytes, now: () => now, warn: (what) => void warnings.push(what) });
  files.push(file);
  return file;
}

const MOMENT = { state: "now", setup: "x" };

function stored(n: number, more: { bytes?: number; scope?: string; state?: string } = {}): StoredAnswer {
  const { bytes = 100, scope = "global", state = "now" } = more;
  const subject: CacheSubject = { scope, query: "q", from: "", to: "", parameters: `n=${n}`, format: "json" };
  const moment = { ...MOMENT, state };
  const freshness = {
    asOf: null,
    ruleVersion: "r",
    firstDay: null,
    updatedAt: null,
    missingDays: [],
    incompleteDays: [],
  };
  const body = Buffer.alloc(bytes, n);
  return {
    key: keyText(subject, moment),
    subject,
    moment,
    hash: String(n),
    freshness,
    encoding: "identity",
    contentBytes: bytes,
    body,
  };
}

const numbersIn = (file: CacheFile) =>
  file.attempt([], (database) => database.prepare("SELECT hash FROM entries ORDER BY hash").pluck().all());

describe("storing", () => {
  it("gives back what was put, also to another process and after a restart", () => {
    const answer = stored(1);
    const file = open();
    expect(file.put(answer)).toBe(true);
    const { key, subject: _subject, moment: _moment, ...body } = answer;
    expect(open().get(key)).toEqual(body);
    file.close();
    expect(open().get(key)).toEqual(body);
    expect(open().get("another key")).toBeNull();
  });

  it("does nothing more when it is closed, so that a late answer makes no new file", () => {
    const file = open();
    file.put(stored(1));
    file.close();
    rmSync(path);
    expect([file.put(stored(2)), file.get(stored(1).key), existsSync(path)]).toEqual([false, null, false]);
  });

  it("stays below its limit, and lets go what was not used for longest", () => {
    const file = open(1000);
    for (let n = 1; n <= 8; n++) {
      now = n;
      file.put(stored(n));
    }
    now = 20_000;
    file.get(stored(1).key);
    file.writeUse();
    now = 20_001;
    for (const n of [11, 12, 13]) file.put(stored(n));
    const left = numbersIn(file);
    expect(left).toContain("1");
    expect(left).not.toContain("2");
    expect(left).toEqual(expect.arrayContaining(["11", "12", "13"]));
    expect(left.length).toBeLessThanOrEqual(10);
  });

  it("lets go first what cannot be reached any more, however lately it was used", () => {
    const file = open(1000);
    for (let n = 1; n <= 5; n++) file.put(stored(n));
    now += 1000;
    for (let n = 21; n <= 25; n++) file.put(stored(n, { state: "before" }));
    for (let n = 6; n <= 9; n++) file.put(stored(n));
    expect(numbersIn(file).filter((n) => Number(n) < 10)).toHaveLength(9);
  });

  it("holds its size over thousands of entries, on disk as well", () => {
    const file = open(200_000);
    for (let n = 0; n < 3000; n++) file.put(stored(n, { bytes: 500 + (n % 700) }));
    const bytes = file.attempt(0, (database) =>
      Number(database.prepare("SELECT sum(bytes) FROM entries").pluck().get()),
    );
    expect(bytes).toBeLessThanOrEqual(200_000);
    expect(statSync(path).size).toBeLessThan(600_000);
  });

  it("refuses what is larger than everything it may hold, and keeps the rest", () => {
    const file = open(1000);
    file.put(stored(1));
    expect(file.put(stored(2, { bytes: 1001 }))).toBe(false);
    expect(numbersIn(file)).toEqual(["1"]);
  });

  it("removes scopes and what another state has left", () => {
    const file = open();
    file.put(stored(1, { scope: "a" }));
    file.put(stored(2, { scope: "b", state: "before" }));
    file.put(stored(3, { scope: "b" }));
    expect(file.removeUnreachable("now")).toBe(1);
    expect(file.removeScopes(["a", "unknown"])).toBe(1);
    expect([numbersIn(file), file.scopes()]).toEqual([["3"], ["b"]]);
  });
});

describe("a file that cannot be used", () => {
  const noise = Buffer.alloc(50_000, "not a database ");
  it.each<[string, () => void]>([
    ["is no database", () => writeFileSync(path, noise)],
    ["is of another program", () => new Database(path).exec("CREATE TABLE t (a)").close()],
    [
      "is of another version",
      () => {
        const before = open();
        before.put(stored(1));
        before.close();
        const other = new Database(path);
        other.pragma("user_version = 999");
        other.close();
      },
    ],
  ])("that %s is put aside and made anew", (_, spoil) => {
    spoil();
    const file = open();
    expect(file.put(stored(1))).toBe(true);
    expect(file.get(stored(1).key)?.hash).toBe("1");
    expect(existsSync(asidePath(path))).toBe(true);
    expect(warnings).toEqual([expect.stringContaining("was moved to")]);
  });

  it("damaged while it is open is made anew, and the work goes on", () => {
    const file = open();
    for (let n = 0; n < 200; n++) file.put(stored(n, { bytes: 2000 }));
    truncateSync(path, 4096 * 3);
    file.attempt(null, (database) => database.pragma("shrink_memory"));
    for (let n = 0; n < 200; n++) file.get(stored(n).key);
    expect(file.put(stored(1000))).toBe(true);
    expect(file.get(stored(1000).key)?.hash).toBe("1000");
  });

  it("whose bytes changed gives no wrong answer", () => {
    const file = open();
    file.put(stored(1));
    file.attempt(null, (database) => database.prepare("UPDATE entries SET body = ?").run(Buffer.alloc(100, 9)));
    expect(file.get(stored(1).key)).toBeNull();
    expect(numbersIn(file)).toEqual([]);
  });

  it("that cannot be opened at all means: nothing is there", () => {
    writeFileSync(join(folder, "file"), "");
    path = join(folder, "file", "cache.sqlite");
    const file = open();
    expect([file.put(stored(1)), file.get(stored(1).key), file.scopes()]).toEqual([false, null, []]);
    expect(warnings).toHaveLength(1);
  });

  it("that is deleted while two have it open is made anew for both", () => {
    const [one, two] = [open(), open()];
    one.put(stored(1));
    expect(two.get(stored(1).key)?.hash).toBe("1");
    rmSync(path);
    now += 2000;
    expect(one.get(stored(1).key)).toBeNull();
    expect(one.put(stored(2))).toBe(true);
    now += 2000;
    expect(two.get(stored(2).key)?.hash).toBe("2");
    expect(new Database(path, { readonly: true }).pragma("integrity_check", { simple: true })).toBe("ok");
  });

  it("that another process is writing is not waited for long", () => {
    const file = open();
    file.put(stored(1));
    const other = new Database(path);
    other.exec("BEGIN EXCLUSIVE");
    expect([file.get(stored(1).key), file.put(stored(2))]).toEqual([null, false]);
    other.exec("COMMIT");
    other.close();
    expect(file.get(stored(1).key)?.hash).toBe("1");
  });
});
