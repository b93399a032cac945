import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OpenedCache } from "../../src/cache/open-cache.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { testApp } from "../contracts/app.ts";
import {
  accessWorld,
  ADMIN_TOKEN,
  ask,
  type CallerName,
  CALLERS,
  COMMUNITIES,
  layoutEditorOf,
  MEMBERS,
  type Name,
  pageOf,
  ROUTES,
  standingOf,
} from "./access-world.ts";
import { StubRepository } from "./stub-repository.ts";

const SWITCHES = {
  "as it comes": {},
  "the service off": { COMMUNITY_STATS_ENABLED: "False" },
  "the repository off": { STATS_DASHBOARD_ENABLED_GLOBAL: "False" },
  "communities off": { STATS_DASHBOARD_ENABLED_COMMUNITY: "False" },
  "communities by their own choice": { STATS_DASHBOARD_COMMUNITY_OPT_IN: "True" },
} as const satisfies Record<string, Record<string, string>>;
type SwitchName = keyof typeof SWITCHES;

/** Where a switch is off, the answer is made of nothing; two formats do. */
const formats = (position: SwitchName) =>
  position === "as it comes" ? ["json", "csv", "xlsx", "xml"] : ["json", "csv"];
const names = Object.keys(COMMUNITIES) as Name[];
const callers = Object.keys(CALLERS) as CallerName[];

/** Said once more, in the plainest way, apart from the code that decides it. */
function isReadable(caller: CallerName, name: Name): boolean {
  if (name === "restricted-lab") return MEMBERS.includes(caller);
  return name !== "gone" && name !== "no-such-community";
}
const ON: Readonly<Record<SwitchName, readonly Name[]>> = {
  "as it comes": ["global", "physics", "physics-optics", "restricted-lab", "empty"],
  "the service off": [],
  "the repository off": ["physics", "physics-optics", "restricted-lab", "empty"],
  "communities off": ["global"],
  "communities by their own choice": ["global", "empty"],
};
function statusOfNumbers(caller: CallerName, name: Name, position: SwitchName): number {
  if (!isReadable(caller, name)) return 404;
  return ON[position].includes(name) ? 200 : 403;
}

function statusOf(scopes: string) {
  return { url: `/api/stats-dashboard/status?scopes=${scopes}` };
}

let engine: Engine;
const stub = new StubRepository();
let url = "";
let app: FastifyInstance;
let cache: OpenedCache;

beforeAll(async () => {
  engine = await accessWorld();
  url = await stub.open();
});
afterAll(async () => {
  await stub.close();
  await engine.close();
});

describe.each(Object.keys(SWITCHES) as SwitchName[])("with %s", (position) => {
  beforeAll(async () => {
    const environment = {
      ...SWITCHES[position],
      COMMUNITY_STATS_INVENIO_URL: url,
      COMMUNITY_STATS_ADMIN_TOKEN: ADMIN_TOKEN,
    };
    app = await testApp(engine, { environment, cache: (opened) => (cache = opened) });
  });
  afterAll(() => app.close());

  describe.each(callers)("%s", (caller) => {
    it.each(names)("reads %s by every route and in every format, or by none", async (name) => {
      const expected = statusOfNumbers(caller, name, position);
      for (const [route, request] of Object.entries(ROUTES)) {
        for (const format of formats(position)) {
          const answers = [
            await ask(app, caller, request(name, format)),
            await ask(app, caller, request(name, format)),
          ];
          const told = answers.map(({ statusCode }) => statusCode);
          expect({ route, format, told }).toEqual({ route, format, told: [expected, expected] });
        }
      }
    });

    it.each(names)("sees the pages of %s, with or without numbers", async (name) => {
      const readable = { status: 200, numbers: ON[position].includes(name), title: true };
      for (const options of [pageOf(name), standingOf(name), layoutEditorOf(name)]) {
        const { statusCode, body } = await ask(app, caller, options);
        const page = {
          status: statusCode,
          numbers: body.includes('"enabled":true'),
          title: body.includes("stats-dashboard-config"),
        };
        expect(page).toEqual(isReadable(caller, name) ? readable : { status: 404, numbers: false, title: false });
      }
    });

    it("is listed what it may read, and nothing else", async () => {
      const { body } = await ask(app, caller, { url: "/api/stats-dashboard/scopes" });
      const slugs = (JSON.parse(body) as { key: string; slug: string | null }[]).map(({ key, slug }) => slug ?? key);
      const expected = names.filter((name) => isReadable(caller, name) && ON[position].includes(name));
      expect(slugs.toSorted()).toEqual(expected.toSorted());
    });

    it("is told of what it may read how far that goes, without the errors of the operator", async () => {
      const { scopes }: { scopes: { id: string; slug: string | null }[] } = (
        await ask(app, caller, statusOf("all"))
      ).json();
      const expected = names.filter((name) => isReadable(caller, name) && ON[position].includes(name));
      expect(scopes.map(({ id, slug }) => slug ?? id).toSorted()).toEqual(expected.toSorted());
      expect(scopes.every((scope) => !JSON.stringify(scope).includes('"error"'))).toBe(true);
      for (const name of names) {
        const { statusCode } = await ask(app, caller, statusOf(name));
        expect(statusCode).toBe(statusOfNumbers(caller, name, position));
      }
    });
  });
});

describe("the cache", () => {
  it("was in the way of what was asked twice", async () => {
    const environment = { COMMUNITY_STATS_INVENIO_URL: url };
    app = await testApp(engine, { environment, cache: (opened) => (cache = opened) });
    for (const caller of callers) await ask(app, caller, ROUTES["GET twin"]("physics", "csv"));
    expect(cache.answering.counts).toMatchObject({ made: 1, memory: callers.length - 1 });
    await app.close();
  });
});

describe("who comes after whom does not matter", () => {
  beforeEach(async () => {
    const environment = { COMMUNITY_STATS_INVENIO_URL: url };
    app = await testApp(engine, { environment, cache: (opened) => (cache = opened) });
    return () => app.close();
  });

  it.each([
    ["reader by token", "guest"],
    ["reader by cookie", "stranger by cookie"],
    ["owner by token", "bad token"],
  ] as const)("%s, then %s", async (member, other) => {
    for (const request of Object.values(ROUTES)) {
      for (const [caller, status] of [
        [member, 200],
        [other, 404],
        [member, 200],
      ] as const) {
        expect((await ask(app, caller, request("restricted-lab", "json"))).statusCode).toBe(status);
      }
    }
  });
});
