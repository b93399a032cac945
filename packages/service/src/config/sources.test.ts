import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configDespiteMistakes, configFrom } from "./config.ts";
import { gatherSources } from "./sources.ts";
import { VARIABLES } from "./variables.ts";
import { WITHOUT_EFFECT } from "./without-effect.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

async function gather(environment: Readonly<Record<string, string>> = {}, file: string | null = null) {
  return await gatherSources({ folder, environment, file });
}

async function mistakes(environment: Readonly<Record<string, string>> = {}, file: string | null = null) {
  const { loaded } = configDespiteMistakes(await gather(environment, file));
  return loaded.mistakes.map(({ text, remedy }) => `${text} | ${remedy}`);
}

it.each([
  ["community-stats.config.json", '{"PORT": 9001}'],
  ["community-stats.config.json", '\uFEFF{"PORT": 9001}'],
  ["community-stats.config.yaml", "# ours\nPORT: 9001\n"],
  ["community-stats.config.yml", "PORT: 9001"],
  ["community-stats.config.mjs", "export default { PORT: 9000 + 1 };"],
  ["community-stats.config.ts", "const port: number = 9001;\nexport default { PORT: port };"],
])("finds %s in the working folder", async (name, text) => {
  await write(name, text);
  const config = configFrom(await gather());
  expect([config.port, config.file]).toEqual([9001, join(folder, name)]);
  expect(config.loaded.origins["PORT"]).toBe("file");
  expect(config.loaded.places["PORT"]).toBe(join(folder, name));
});

it("has neither file nor mistakes where there is none", async () => {
  const config = configFrom(await gather());
  expect([config.file, config.port, config.loaded.mistakes, config.loaded.notes]).toEqual([null, 8080, [], []]);
});

it("takes an empty file for no values", async () => {
  await write("community-stats.config.yaml", "# nothing yet\n");
  expect(configFrom(await gather()).port).toBe(8080);
});

describe("an invenio.cfg", () => {
  const text = "SECRET_KEY = f()\nCOMMUNITY_STATS_TOP_SUBCOUNT_LIMIT = 7\nSITE_UI_URL = f'https://{HOST}'\n";

  it("is read where there is no file of our own, with lines as places", async () => {
    await write("invenio.cfg", text);
    const { topLimit, loaded } = configFrom(await gather());
    const path = join(folder, "invenio.cfg");
    expect([topLimit, loaded.places["COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT"]]).toEqual([7, `${path}, line 2`]);
    expect(loaded.notes).toEqual([
      {
        kind: "skipped",
        subject: "SITE_UI_URL",
        text: `${path}, line 3: SITE_UI_URL is skipped: f'https://{HOST}' has a place to fill in.`,
      },
    ]);
    await write("community-stats.config.yaml", "PORT: 1");
    expect(configFrom(await gather()).topLimit).toBe(20);
  });

  it("may have any name that ends with .cfg, and its values are checked", async () => {
    await write("site.cfg", "COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT = 0\nSTATS_DASHBOARD_NONE = 1\n");
    const { loaded } = configDespiteMistakes(await gather({}, "site.cfg"));
    expect(loaded.mistakes.map(({ text }) => text)[0]).toMatch(/LIMIT = 0 \(.*site\.cfg, line 1\): /);
    expect(loaded.notes).toMatchObject([{ kind: "unknown", subject: "STATS_DASHBOARD_NONE" }]);
  });
});

describe("order", () => {
  it("is default, file, environment", async () => {
    await write("community-stats.config.yaml", "PORT: 1\nCOMMUNITY_STATS_TOP_SUBCOUNT_LIMIT: 2\n");
    const { loaded, port, topLimit } = configFrom(await gather({ INVENIO_PORT: "3" }));
    expect([port, topLimit, loaded.values["COMMUNITY_STATS_HOST"]]).toEqual([3, 2, "127.0.0.1"]);
    expect([loaded.origins["PORT"], loaded.places["PORT"]]).toEqual(["environment", "environment, INVENIO_PORT"]);
    expect(loaded.origins["COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT"]).toBe("file");
    expect(loaded.origins["COMMUNITY_STATS_HOST"]).toBe("default");
  });

  it("merges a map of the environment into that of the file", async () => {
    await write("community-stats.config.json", '{"STATS_DASHBOARD_UI_CONFIG": {"global": {"title": "File"}}}');
    const { dashboard } = configFrom(
      await gather({ STATS_DASHBOARD_UI_CONFIG: "{'community': {'title': 'Environment'}}" }),
    );
    expect([dashboard.global.title, dashboard.community.title]).toEqual(["File", "Environment"]);
  });

  it("prefers --config to the variable, and the variable to what lies there", async () => {
    await write("community-stats.config.yaml", "PORT: 1");
    await write("variable.yaml", "PORT: 2");
    await write("option.yaml", "PORT: 3");
    const environment = { COMMUNITY_STATS_CONFIG: "variable.yaml" };
    const option = configFrom(await gather(environment, "option.yaml"));
    expect(configFrom(await gather()).port).toBe(1);
    expect(configFrom(await gather(environment)).port).toBe(2);
    expect([option.port, option.file]).toEqual([3, join(folder, "option.yaml")]);
    expect(option.loaded.origins["COMMUNITY_STATS_CONFIG"]).toBe("option");
  });
});

it("takes switches of a file as people write them", async () => {
  await write("community-stats.config.yaml", "COMMUNITY_STATS_ENABLED: off\nSTATS_DASHBOARD_COMMUNITY_OPT_IN: 1\n");
  const config = configFrom(await gather());
  expect([config.enabled, config.dashboard.communityOptIn]).toEqual([false, true]);
});

describe("mistakes", () => {
  it("are told all at once, with file, path, value and remedy", async () => {
    await write(
      "community-stats.config.yaml",
      [
        "PORT: 99999",
        "COMMUNITY_STATS_ENABLED: maybe",
        "COMMUNITY_STAT_TOP_SUBCOUNT_LIMIT: 3",
        "STATS_DASHBOARD_UI_CONFIG: {global: {maxHistoryYears: 0}}",
      ].join("\n"),
    );
    const told = await mistakes();
    const file = join(folder, "community-stats.config.yaml");
    expect(told).toHaveLength(4);
    expect(told[0]).toContain(`PORT = 99999 (${file}): `);
    expect(told[0]).toContain("| Give a whole number from 0 to 65535.");
    expect(told[1]).toContain(`COMMUNITY_STATS_ENABLED = "maybe" (${file})`);
    expect(told[1]).toContain("| Give true or false.");
    expect(told[2]).toContain("STATS_DASHBOARD_UI_CONFIG.global.maxHistoryYears = 0");
    expect(told[3]).toContain("| Did you mean COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT?");
    await expect(gather().then((sources) => configFrom(sources))).rejects.toThrow("4 mistakes");
  });

  it("leave the value of the source below", async () => {
    await write("community-stats.config.yaml", "PORT: 9001");
    const config = configDespiteMistakes(await gather({ PORT: "none" }));
    expect([config.port, config.loaded.origins["PORT"]]).toEqual([9001, "file"]);
  });

  it.each([
    ["broken.json", '{"PORT": }', "it is no JSON"],
    ["broken.yaml", "PORT: 1\nPORT: 2\n", "it is no YAML: Map keys must be unique at line 2"],
    ["bomb.yaml", bomb(), "it is no YAML: Excessive alias count"],
    ["list.yaml", "- 1\n- 2\n", "it holds a list, not a map"],
    ["text.json", '"PORT"', "it holds a string, not a map"],
    ["none.mjs", "export const port = 1;", "its default export is no map"],
    ["throws.mjs", "throw new Error('no database')", "it cannot be run: no database"],
    ["broken.ts", "export default {", "it cannot be run: "],
    ["ours.toml", "PORT = 1", 'a file that ends with ".toml" is not read'],
  ])("of %s", async (name, text, said) => {
    await write(name, text);
    const [told = "", ...more] = await mistakes({}, name);
    expect(told).toContain(`${join(folder, name)}: ${said}`);
    expect(told).toMatch(/ \| \S.*\.$|;$/);
    expect(more).toEqual([]);
  });

  it("name a file that is not there, or is a folder", async () => {
    await mkdir(join(folder, "folder.yaml"));
    expect(await mistakes({ COMMUNITY_STATS_CONFIG: "gone.yaml" })).toEqual([
      `${join(folder, "gone.yaml")}: it cannot be read (ENOENT) | Correct the path, or give the right to read it.`,
    ]);
    expect((await mistakes({}, "folder.yaml"))[0]).toContain("it cannot be read (EISDIR)");
  });

  it("tell when several files could be meant", async () => {
    await write("community-stats.config.json", "{}");
    await write("community-stats.config.ts", "export default {}");
    const [told = ""] = await mistakes();
    expect(told).toMatch(/config\.json, .*config\.ts.*--config FILE/);
    expect(await mistakes({}, "community-stats.config.json")).toEqual([]);
  });

  it("show no secret", async () => {
    const token = "s3cret-token";
    await write("short.yaml", `COMMUNITY_STATS_ADMIN_TOKEN: ${token}`);
    await write("broken.json", `{"COMMUNITY_STATS_ADMIN_TOKEN": "${token}" "PORT": 1}`);
    const told = [...(await mistakes({}, "short.yaml")), ...(await mistakes({}, "broken.json"))];
    expect(told).toHaveLength(2);
    expect(told.join("\n")).not.toContain(token);
  });
});

/** Nine aliases of nine aliases of …: a billion values in ten lines. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const below = level === 0 ? "1" : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => below).join(", ")}]`;
  });
  return levels.join("\n");
}

describe("names of the environment", () => {
  it("are told when no variable has them, with the nearest, and are no mistake", async () => {
    const { loaded } = configFrom(await gather({ INVENIO_COMMUNITY_STATS_ENABLE: "1", HOME: "/" }));
    expect(loaded.notes).toEqual([
      {
        kind: "unknown",
        subject: "COMMUNITY_STATS_ENABLE",
        text: "COMMUNITY_STATS_ENABLE (environment, INVENIO_COMMUNITY_STATS_ENABLE): there is no variable of that name. Did you mean COMMUNITY_STATS_ENABLED?",
      },
    ]);
  });

  it("without effect are accepted, with the reason", async () => {
    await write("community-stats.config.yaml", "STATS_CACHE_COMPRESSION_METHOD: gzip");
    const { loaded } = configFrom(await gather({ COMMUNITY_STATS_SCAN_SCROLL: "2m" }));
    expect(loaded.notes.map(({ kind, subject }) => [kind, subject])).toEqual([
      ["without effect", "STATS_CACHE_COMPRESSION_METHOD"],
      ["without effect", "COMMUNITY_STATS_SCAN_SCROLL"],
    ]);
    expect(loaded.notes[0]?.text).toMatch(/has no effect: answers are compressed/);
  });

  it("have an effect or none, never both", () => {
    expect(VARIABLES.filter(({ name }) => Object.hasOwn(WITHOUT_EFFECT, name))).toEqual([]);
  });
});
