import { setImmediate as nextTurn } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { testApp } from "../contracts/app.ts";
import {
  accessWorld,
  ADMIN_TOKEN,
  ask,
  type CallerName,
  CALLERS,
  COMMUNITIES,
  MEMBERS,
  type Name,
  pageOf,
  ROUTES,
} from "./access-world.ts";
import { openRepositoryApp, type RepositoryApp } from "./repository-app.ts";
import { IDS, type StubRepository } from "./stub-repository.ts";

let engine: Engine;
let served: RepositoryApp;
let stub: StubRepository;
let app: FastifyInstance;

beforeAll(async () => {
  engine = await accessWorld();
  served = await openRepositoryApp(engine);
  ({ app, stub } = served);
});
afterAll(async () => {
  await served.close();
  await engine.close();
});
beforeEach(() => served.begin());

const NOT_MEMBERS = ["guest", "bad token", "bad cookie", "stranger by token", "stranger by cookie"] as const;
/** Of one length, so that nothing but the existence differs. */
const SECRET = "restricted-lab";
const NOTHING = "restrictea-lab" as Name;

/** All that a caller sees of an answer, without what differs from request to request. */
async function seen(caller: CallerName, name: Name) {
  const answers = [];
  for (const request of Object.values(ROUTES)) answers.push(await ask(app, caller, request(name, "json")));
  answers.push(await ask(app, caller, ROUTES["POST /api/stats"](name, "json&partial=true")));
  answers.push(await ask(app, caller, { ...ROUTES["GET twin"](name, "json"), method: "HEAD" }));
  answers.push(await ask(app, caller, pageOf(name)));
  return answers.map(({ statusCode, body, headers }) => {
    const { "x-request-id": _id, date: _date, ...rest } = headers;
    return { statusCode, body: body.replaceAll(name, "NAME"), headers: rest };
  });
}

describe("what is restricted and what does not exist", () => {
  it.each(NOT_MEMBERS)("look the same to %s", async (caller) => {
    expect(await seen(caller, SECRET)).toEqual(await seen(caller, NOTHING));
  });

  it.each(NOT_MEMBERS)("cost %s the same questions to the repository", async (caller) => {
    const other = "nothing-either" as Name;
    await ask(app, "guest", pageOf(other));
    expect(stub.asked.splice(0)).toEqual([{ url: "/api/communities?size=1000", cookie: null, authorization: null }]);
    await seen(caller, SECRET);
    const secret = stub.asked.splice(0);
    await seen(caller, NOTHING);
    expect(stub.asked).toEqual(secret);
    expect(secret.length).toBe(caller === "guest" ? 0 : 1);
  });

  it.each([SECRET, NOTHING] as const)("take as long as the repository thinks: %s", async (name) => {
    await ask(app, "guest", pageOf("nothing-either" as Name));
    stub.asked.length = 0;
    const thought = Promise.withResolvers<void>();
    stub.thinks = thought.promise;
    let isRefused = false;
    const refusal = refusedTo("session=never-seen-before", name).finally(() => {
      isRefused = true;
    });
    await vi.waitUntil(() => stub.asked.length > 0, PATIENCE);
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    expect([isRefused, stub.asked.length]).toEqual([false, 1]);
    thought.resolve();
    expect(await refusal).toBe(404);
    // What the repository said last ends it: nothing is asked after that, for the one or the other.
    expect(stub.asked).toHaveLength(1);
  });
});

const PATIENCE = { timeout: 20_000, interval: 5 };
/** A refusal that waits for nobody has long been sent by then. */
const TURNS = 50;

async function refusedTo(cookie: string, name: Name): Promise<number> {
  return (await app.inject({ ...ROUTES["GET twin"](name, "json"), headers: { cookie } })).statusCode;
}

it("an id in capitals is the same id", async () => {
  for (const name of ["physics", "restricted-lab"]) {
    const id = (IDS[name] ?? "").toUpperCase() as Name;
    expect((await ask(app, "reader by token", ROUTES["GET twin"](id, "json"))).statusCode).toBe(200);
  }
  expect((await ask(app, "guest", ROUTES["GET twin"]("PHYSICS" as Name, "json"))).statusCode).toBe(404);
});

it("a validator of somebody else's answer opens nothing", async () => {
  const request = ROUTES["GET twin"](SECRET, "json");
  const { headers } = await ask(app, "reader by token", request);
  const etag = String(headers["etag"]);
  expect(etag).toMatch(/^".+"$/);
  for (const tag of [etag, "*"]) {
    const conditional = { ...request, headers: { "if-none-match": tag } };
    expect((await ask(app, "reader by token", conditional)).statusCode).toBe(304);
    expect((await ask(app, "stranger by token", conditional)).statusCode).toBe(404);
  }
});

describe("nothing names a restricted community to who may not read it", () => {
  const traces = [IDS["restricted-lab"] ?? "", "restricted-lab", "Title of restricted-lab"];

  it.each(NOT_MEMBERS)("%s: no list, no page, no number, no status, not even of its public child", async (caller) => {
    const names = (Object.keys(COMMUNITIES) as Name[]).filter((name) => name !== SECRET);
    const requests = [
      ...names.flatMap((name) =>
        Object.values(ROUTES).flatMap((route) => ["json", "xml"].map((format) => route(name, format))),
      ),
      ...names.map(pageOf),
      ...["scopes", "status", "nothing-like-it"].map((path) => ({ url: `/api/stats-dashboard/${path}` })),
      ...["/health/live", "/health/ready", "/", "/stats/how-we-count"].map((url) => ({ url })),
      ...["openapi.json", "docs", "most-viewed-records"].map((path) => ({ url: `/api/stats-dashboard/${path}` })),
    ];
    for (const request of requests) {
      const { body, headers } = await ask(app, caller, request);
      const text = body + JSON.stringify(headers);
      expect(traces.filter((trace) => text.includes(trace))).toEqual([]);
    }
  });
});

function varyOf(headers: Record<string, unknown>): readonly string[] {
  return String(headers["vary"] ?? "")
    .split(/, */)
    .map((name) => name.toLowerCase());
}

describe("what a shared cache may keep", () => {
  it.each(MEMBERS)("%s: nothing that was shown for being who one is", async (caller) => {
    for (const route of Object.values(ROUTES)) {
      const { statusCode, headers } = await ask(app, caller, route(SECRET, "json"));
      expect([statusCode, headers["cache-control"]]).toEqual([
        200,
        expect.stringMatching(/^(private, no-cache|no-store)$/),
      ]);
      expect(varyOf(headers)).toEqual(expect.arrayContaining(["cookie", "authorization"]));
    }
  });

  it.each(NOT_MEMBERS)("%s: no refusal", async (caller) => {
    for (const route of Object.values(ROUTES)) {
      const { statusCode, headers } = await ask(app, caller, route(SECRET, "json"));
      expect([statusCode, headers["cache-control"]]).toEqual([404, "no-store"]);
    }
  });

  it("keeps what is open to all", async () => {
    const { headers } = await ask(app, "guest", ROUTES["GET twin"]("physics", "json"));
    expect(String(headers["cache-control"])).toMatch(/^public, max-age=/);
    expect(varyOf(headers)).not.toContain("cookie");
  });

  it("keeps nothing of what the repository has closed meanwhile", async () => {
    stub.closed.add(IDS["physics"] ?? "");
    const { statusCode, headers } = await ask(app, "owner by cookie", ROUTES["GET twin"]("physics", "json"));
    expect([statusCode, headers["cache-control"]]).toEqual([200, "private, no-cache"]);
    expect(varyOf(headers)).toEqual(expect.arrayContaining(["cookie", "authorization"]));
  });
});

describe("a community that was public when communities were fed in", () => {
  it("is closed once the repository has closed it, and open to who may read it there", async () => {
    stub.closed.add(IDS["physics"] ?? "");
    expect((await ask(app, "guest", ROUTES["GET twin"]("physics", "json"))).statusCode).toBe(404);
    expect((await ask(app, "stranger by token", ROUTES["GET twin"]("physics", "json"))).statusCode).toBe(404);
    const { body } = await ask(app, "guest", { url: "/api/stats-dashboard/scopes" });
    expect(body).not.toContain('physics"');
  });

  it("is asked about once in a while, not for each caller", async () => {
    for (const caller of ["guest", "reader by token", "stranger by cookie"] as const) {
      await ask(app, caller, ROUTES["GET twin"]("physics", "json"));
    }
    expect(stub.asked).toEqual([{ url: `/api/communities/${IDS["physics"]}`, cookie: null, authorization: null }]);
  });
});

describe("without a repository", () => {
  let alone: FastifyInstance;
  beforeAll(async () => {
    alone = await testApp(engine, { environment: { COMMUNITY_STATS_ADMIN_TOKEN: ADMIN_TOKEN } });
  });
  afterAll(() => alone.close());

  it.each(Object.keys(CALLERS) as CallerName[])(
    "%s: the restricted community is closed to all but the administrator",
    async (caller) => {
      const { statusCode } = await ask(alone, caller, ROUTES["GET twin"](SECRET, "json"));
      expect(statusCode).toBe(caller === "service's administrator" ? 200 : 404);
      expect((await ask(alone, caller, ROUTES["GET twin"]("physics", "json"))).statusCode).toBe(200);
    },
  );
});

describe("the administrator's token", () => {
  it("is never sent to the repository", async () => {
    for (const name of Object.keys(COMMUNITIES) as Name[]) {
      await ask(app, "service's administrator", ROUTES["GET twin"](name, "json"));
    }
    expect(stub.asked.filter(({ authorization }) => authorization !== null)).toEqual([]);
  });
});
