import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configDespiteMistakes } from "../config/config.ts";
import { environmentSource } from "../config/environment.ts";
import type { Source } from "../config/load.ts";
import { VARIABLES } from "../config/variables.ts";
import { SearchUnreachableError } from "../engine/search-errors.ts";
import type { Command, CommandContext } from "./command.ts";
import { configCheckCommand } from "./config-check.ts";
import { configExplainCommand } from "./config-explain.ts";
import { configImportCommand } from "./config-import.ts";
import { configShowCommand } from "./config-show.ts";

interface Called {
  readonly environment?: Readonly<Record<string, string>>;
  readonly file?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly args?: readonly string[];
}

/** Whoever tests may have data in the working folder. */
const NO_FOLDER = "no-such-folder";

async function call(command: Command, { environment = {}, file = {}, options = {}, args = [] }: Called) {
  const written = { out: "", err: "" };
  const stream = (to: "out" | "err") =>
    new Writable({
      write(chunk, _encoding, done) {
        written[to] += String(chunk);
        done();
      },
    });
  const ofFile: Source = { origin: "file", name: "ours.yaml", isOurs: true, values: file };
  const context: CommandContext = {
    config: { ...configDespiteMistakes([ofFile, environmentSource(environment)]), dataDir: NO_FOLDER },
    stdin: process.stdin,
    stdout: stream("out"),
    stderr: stream("err"),
    interactive: false,
    now: () => 0,
    signal: new AbortController().signal,
    owner: "test",
    engine: () => Promise.reject(new SearchUnreachableError("http://search.example", "GET /", new Error("refused"))),
  };
  const code = await command.run(context, { options, arguments: args });
  return { code, ...written };
}

const TOKEN = "abcdefghijklmnopqrst";

describe("config show", () => {
  it("lists every variable once, with its value", async () => {
    const { code, out } = await call(configShowCommand, { environment: { PORT: "9001" } });
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(VARIABLES.length);
    expect(out).toMatch(/^PORT +9001$/m);
    expect(out).toMatch(/^COMMUNITY_STATS_HOST +"127\.0\.0\.1"$/m);
  });

  it("tells where values come from", async () => {
    const { out } = await call(configShowCommand, {
      file: { COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT: 3 },
      environment: { INVENIO_PORT: "9001" },
      options: { origin: true, changed: true },
    });
    expect(out).toMatch(/^PORT +9001 +environment, INVENIO_PORT$/m);
    expect(out).toMatch(/^COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT +3 +ours\.yaml$/m);
    expect(out.trimEnd().split("\n")).toHaveLength(2);
  });

  it("prints whole maps as JSON", async () => {
    const environment = { STATS_DASHBOARD_ROUTES: "{'global': '/numbers'}" };
    const { out } = await call(configShowCommand, { environment, options: { json: true, origin: true } });
    const printed = JSON.parse(out) as Record<string, unknown>;
    expect(printed["STATS_DASHBOARD_ROUTES"]).toEqual({
      value: { global: "/numbers", community: "/communities/<community_id>/stats" },
      origin: "environment",
      place: "environment, STATS_DASHBOARD_ROUTES",
    });
    expect(printed["PORT"]).toEqual({ value: 8080, origin: "default", place: null });
  });

  it("masks secrets", async () => {
    const environment = { COMMUNITY_STATS_ADMIN_TOKEN: TOKEN };
    for (const options of [{}, { json: true }]) {
      const { out } = await call(configShowCommand, { environment, options });
      expect(out).not.toContain(TOKEN);
      expect(out).toContain("[secret]");
    }
    expect((await call(configShowCommand, {})).out).toMatch(/^COMMUNITY_STATS_ADMIN_TOKEN +\(not set\)$/m);
  });

  it("shows what is used in spite of a mistake, and ends with 1", async () => {
    const { code, out, err } = await call(configShowCommand, { environment: { PORT: "none" } });
    expect(code).toBe(1);
    expect(out).toMatch(/^PORT +8080$/m);
    expect(err).toContain('PORT = "none" (environment, PORT)');
  });
});

describe("config check", () => {
  it("is content with a good configuration", async () => {
    expect(await call(configCheckCommand, { file: { PORT: 1 } })).toEqual({
      code: 0,
      out: "No configuration file; the environment alone.\n0 mistakes, 0 notes.\n",
      err: "",
    });
  });

  it("does without the stored numbers where they cannot be looked at, and says so", async () => {
    const { code, out } = await call(configCheckCommand, { file: { COMMUNITY_STATS_ENGINE: "opensearch" } });
    expect(code).toBe(0);
    expect(out).toContain("The stored numbers could not be looked at. OpenSearch at http://search.example did not");
  });

  it("tells all mistakes with what to do, and ends with 1", async () => {
    const { code, out } = await call(configCheckCommand, {
      file: { PORT: 99_999, COMMUNITY_STATS_ENABELD: true },
      environment: { COMMUNITY_STATS_ENABLED: "maybe" },
    });
    expect(code).toBe(1);
    expect(out).toMatch(/mistake: PORT = 99999 \(ours\.yaml\): .*\n {4}Give a whole number from 0 to 65535\./);
    expect(out).toMatch(/mistake: COMMUNITY_STATS_ENABLED = "maybe" \(environment, COMMUNITY_STATS_ENABLED\)/);
    expect(out).toMatch(/mistake: COMMUNITY_STATS_ENABELD .*\n {4}Did you mean COMMUNITY_STATS_ENABLED\?/);
    expect(out).toContain("3 mistakes, 0 notes.");
  });

  it("ends with 1 for a name of the environment that no variable has, with 0 for one without effect", async () => {
    const unknown = await call(configCheckCommand, { environment: { STATS_DASHBOARD_LAYOTU: "{}" } });
    expect([unknown.code, unknown.out]).toEqual([1, expect.stringContaining("Did you mean STATS_DASHBOARD_LAYOUT?")]);
    expect(unknown.out).toContain("0 mistakes, 1 note, of which 1 is an unknown name.\n");
    const idle = await call(configCheckCommand, { environment: { STATS_CACHE_COMPRESSION_METHOD: "gzip" } });
    expect([idle.code, idle.out]).toEqual([
      0,
      expect.stringContaining("without effect: STATS_CACHE_COMPRESSION_METHOD"),
    ]);
  });

  it("ends with 1 for what a layout names and no page can draw", async () => {
    const components = [{ component: "Sparkle" }, { component: "StatsMap", metrik: "views" }];
    const layout = { tabs: [{ name: "use", label: "Use", rows: [{ name: "map", components }] }] };
    const { code, out } = await call(configCheckCommand, { file: { STATS_DASHBOARD_LAYOUT: { global: layout } } });
    expect(code).toBe(1);
    const where = "unknown: STATS_DASHBOARD_LAYOUT.global (ours.yaml), tab use, row map: ";
    expect(out).toContain(`${where}there is no widget Sparkle. docs/widgets.md lists all.`);
    expect(out).toContain(`${where}StatsMap has no setting metrik. Did you mean metric?`);
  });

  it("tells nothing of a secret but that it does not fit", async () => {
    const { out } = await call(configCheckCommand, { environment: { COMMUNITY_STATS_ADMIN_TOKEN: "abc" } });
    expect(out).toMatch(/\[secret\] .*: shorter than 16 characters\n.*config explain COMMUNITY_STATS_ADMIN_TOKEN/);
    expect(out).not.toContain("abc");
  });

  it("prints JSON", async () => {
    const { code, out } = await call(configCheckCommand, { file: { PORT: -1 }, options: { json: true } });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      mistakes: [{ subject: "PORT", remedy: "Give a whole number from 0 to 65535." }],
      notes: [],
    });
  });
});

describe("config explain", () => {
  it.each(VARIABLES.map(({ name }) => name))("%s", async (name) => {
    const { code, out } = await call(configExplainCommand, { args: [name] });
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^name: ${name}\nmeaning: \\S.*\ntakes: \\S`));
  });

  it("says value and origin, for the prefixed name too", async () => {
    const { out } = await call(configExplainCommand, {
      environment: { PORT: "9001" },
      args: ["INVENIO_PORT"],
      options: { json: true },
    });
    expect(JSON.parse(out)).toMatchObject({
      name: "PORT",
      takes: "a whole number from 0 to 65535",
      default: 8080,
      value: 9001,
      origin: "environment, PORT",
    });
  });

  it("gives the reason of a variable without effect", async () => {
    const { out } = await call(configExplainCommand, { args: ["STATS_CACHE_COMPRESSION_METHOD"] });
    expect(out).toMatch(/without effect: answers are compressed/);
  });

  it("names the nearest variable for one that is unknown", async () => {
    await expect(call(configExplainCommand, { args: ["COMMUNITY_STATS_SUBCOUNT"] })).rejects.toMatchObject({
      message: "There is no variable COMMUNITY_STATS_SUBCOUNT.",
      hint: "Did you mean COMMUNITY_STATS_SUBCOUNTS?",
    });
    await expect(call(configExplainCommand, { args: ["XYZZY"] })).rejects.toMatchObject({
      hint: expect.stringContaining("config show"),
    });
  });
});

describe("config import", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "import-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function imported(text: string, options: Readonly<Record<string, unknown>> = {}) {
    const path = join(folder, "invenio.cfg");
    await writeFile(path, text);
    return await call(configImportCommand, { args: [path], options });
  }

  it("prints what has a meaning here, as YAML or JSON", async () => {
    const text = "SECRET_KEY = 'x'\nTHEME_SHORT_TITLE = _('Works')\nCOMMUNITY_STATS_TOP_SUBCOUNT_LIMIT = 7\n";
    const expected = { THEME_SHORT_TITLE: "Works", COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT: 7 };
    const yaml = await imported(text);
    expect([yaml.code, yaml.err, parse(yaml.out)]).toEqual([0, "", expected]);
    expect(JSON.parse((await imported(text, { json: true })).out)).toEqual(expected);
  });

  it("leaves out what has no effect, and says so", async () => {
    const { code, out, err } = await imported(
      "STATS_CACHE_COMPRESSION_METHOD = 'gzip'\nSITE_UI_URL = 'https://x.example'\n",
    );
    expect([code, parse(out)]).toEqual([0, { SITE_UI_URL: "https://x.example" }]);
    expect(err).toContain("line 1) has no effect");
  });

  it("ends with 3 for skipped lines, with 1 for values that do not fit", async () => {
    const skipped = await imported("SITE_UI_URL = host()\nTHEME_SHORT_TITLE = 'A'\n");
    expect([skipped.code, parse(skipped.out)]).toEqual([3, { THEME_SHORT_TITLE: "A" }]);
    expect(skipped.err).toContain("line 1: SITE_UI_URL is skipped");
    expect((await imported("COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT = 0\n")).code).toBe(1);
  });

  it("refuses another kind of file, and tells of one that is not there", async () => {
    await expect(call(configImportCommand, { args: ["a.yaml"] })).rejects.toThrow("is no .cfg file");
    const gone = await call(configImportCommand, { args: [join(folder, "gone.cfg")] });
    expect([gone.code, gone.out]).toEqual([1, ""]);
    expect(gone.err).toContain("ENOENT");
  });
});
