import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { recordLine, writeUse } from "../used-records.ts";
import { accessWorld, ask, type CallerName, type Name, pageOf, ROUTES } from "./access-world.ts";
import { MEMORY_SECONDS, openRepositoryApp, type RepositoryApp } from "./repository-app.ts";
import { IDS, type StubRepository, type Trouble } from "./stub-repository.ts";

const LAB = IDS["restricted-lab"] ?? "";
const PHYSICS = IDS["physics"] ?? "";
const TITLE = { [LAB]: "Classified until now", [PHYSICS]: "Classified from now on" };

let engine: Engine;
let served: RepositoryApp;
let stub: StubRepository;
let app: FastifyInstance;

beforeAll(async () => {
  engine = await accessWorld();
  const records = Object.entries(TITLE).map(([community, title]) =>
    recordLine(`record-of-${community}`, { parent: community, restricted: true, communities: [community], title }),
  );
  await engine.facts.append({ records });
  await writeUse(engine, {
    "2025-03-10": [LAB, PHYSICS].map((community) => ({
      record: `record-of-${community}`,
      scopes: [community],
      counters: { viewEvents: 3, viewVisitors: 2, visitors: 2 },
    })),
  });
  served = await openRepositoryApp(engine, { isCached: true, timeoutMs: 300 });
  ({ app, stub } = served);
});
afterAll(async () => {
  await served.close();
  await engine.close();
});
beforeEach(() => served.begin());

/** What a caller is shown of a community: by API and page, in the list, with records by name, for shared caches to keep. */
async function shown(caller: CallerName, name: Name) {
  const numbers = await ask(app, caller, ROUTES["GET twin"](name, "json"));
  const listed = await ask(app, caller, records(name));
  const { body } = await ask(app, caller, { url: "/api/stats-dashboard/scopes" });
  return {
    numbers: numbers.statusCode,
    page: (await ask(app, caller, pageOf(name))).statusCode,
    listed: body.includes(`"${name}"`),
    records: listed.statusCode === 200 ? listed.json<{ records: object[] }>().records.length : null,
    keeper: /^\w+/.exec(String(numbers.headers["cache-control"] ?? ""))?.[0],
  };
}

const CLOSED = { numbers: 404, page: 404, listed: false, records: null, keeper: "no" };
const OPEN = { numbers: 200, page: 200, listed: true, records: 0, keeper: "public" };
const OPEN_WITH_CREDENTIAL = { ...OPEN, keeper: "private" };
const AS_MEMBER = { numbers: 200, page: 200, listed: true, records: 1, keeper: "private" };

const PEOPLE = ["guest", "stranger by token", "reader by token", "service's administrator"] as const;

describe("a community that was restricted when communities were fed in", () => {
  it.each([
    ["guest", CLOSED],
    ["stranger by token", CLOSED],
    ["reader by token", AS_MEMBER],
    ["service's administrator", AS_MEMBER],
  ] as const)("is shown to %s as what it was while it is that", async (caller, expected) => {
    expect(await shown(caller, "restricted-lab")).toEqual(expected);
  });

  it.each(PEOPLE)(
    "is open to %s once the repository shows it to guests, and hides what is restricted in it",
    async (caller) => {
      stub.opened.add(LAB);
      expect(await shown(caller, "restricted-lab")).toEqual(caller === "guest" ? OPEN : OPEN_WITH_CREDENTIAL);
    },
  );

  it("is open also where the repository has more communities than it lists at once", async () => {
    stub.opened.add(LAB);
    stub.listed = 0;
    const { numbers, page, records } = await shown("guest", "restricted-lab");
    expect([numbers, page, records]).toEqual([200, 200, 0]);
    expect(await shown("guest", "physics")).toEqual(OPEN);
  });

  it.each(["error", "garbage", "html", "redirect", "silent"] satisfies Trouble[])(
    "stays closed where the repository does not say: %s",
    async (trouble) => {
      stub.opened.add(LAB);
      stub.trouble = trouble;
      expect(await shown("guest", "restricted-lab")).toEqual(CLOSED);
    },
  );

  it("stays closed where only a list of the repository's shows it", async () => {
    stub.stale.add(LAB);
    expect(await shown("guest", "restricted-lab")).toEqual(CLOSED);
  });

  it("is asked about once a minute, whoever asks for whatever", async () => {
    for (const name of ["restricted-lab", "no-such-community", "gone", "another-name"] as Name[]) {
      for (const request of [...Object.values(ROUTES).map((route) => route(name, "json")), pageOf(name)]) {
        await ask(app, "guest", request);
      }
    }
    expect(stub.asked.map(({ url }) => url)).toEqual(["/api/communities?size=1000"]);
  });
});

describe("a community that was public when communities were fed in", () => {
  it.each([
    ["guest", OPEN],
    ["service's administrator", OPEN_WITH_CREDENTIAL],
  ] as const)("is shown to %s as what it was while it is that", async (caller, expected) => {
    expect(await shown(caller, "physics")).toEqual(expected);
  });

  it.each([
    ["guest", CLOSED],
    ["stranger by token", CLOSED],
    ["reader by token", AS_MEMBER],
    ["service's administrator", AS_MEMBER],
  ] as const)("is shown to %s as a restricted one once the repository has closed it", async (caller, expected) => {
    stub.closed.add(PHYSICS);
    expect(await shown(caller, "physics")).toEqual(expected);
  });
});

function records(name: Name) {
  return { url: `/api/stats-dashboard/most-viewed-records?community_id=${name}` };
}

/** No other test asks for it. */
function request(name: Name) {
  return { url: `${records(name).url}&limit=7` };
}

function counted() {
  const { made = 0, memory = 0, passed = 0 } = served.cache?.answering.counts ?? {};
  return { made, memory, passed };
}

/** What the cache did since it was counted. */
function since(before: ReturnType<typeof counted>) {
  const { made, memory, passed } = counted();
  return { made: made - before.made, memory: memory - before.memory, passed: passed - before.passed };
}

describe("within a minute", () => {
  it("what was kept for all is nobody's any more, and comes back", async () => {
    const before = counted();
    for (let round = 0; round < 3; round++) expect((await ask(app, "guest", request("physics"))).statusCode).toBe(200);
    expect(since(before)).toEqual({ made: 1, memory: 2, passed: 0 });
    stub.closed.add(PHYSICS);
    served.later(MEMORY_SECONDS - 1);
    expect((await ask(app, "guest", request("physics"))).statusCode).toBe(200);
    served.later(2);
    expect((await ask(app, "guest", request("physics"))).statusCode).toBe(404);
    expect((await ask(app, "reader by token", request("physics"))).body).toContain(TITLE[PHYSICS]);
    stub.closed.clear();
    served.later(MEMORY_SECONDS + 1);
    const { statusCode, body } = await ask(app, "guest", request("physics"));
    expect([statusCode, body.includes("Classified")]).toEqual([200, false]);
    expect(since(before)).toEqual({ made: 1, memory: 4, passed: 1 });
  });

  it("what was made for members is kept for nobody, and made for all once it is open", async () => {
    const before = counted();
    expect((await ask(app, "guest", request("restricted-lab"))).statusCode).toBe(404);
    for (let round = 0; round < 3; round++) {
      expect((await ask(app, "reader by token", request("restricted-lab"))).body).toContain(TITLE[LAB]);
    }
    expect(since(before)).toEqual({ made: 0, memory: 0, passed: 3 });
    stub.opened.add(LAB);
    served.later(MEMORY_SECONDS - 1);
    expect((await ask(app, "guest", request("restricted-lab"))).statusCode).toBe(404);
    served.later(2);
    for (const caller of ["guest", "reader by token"] as const) {
      const { statusCode, body } = await ask(app, caller, request("restricted-lab"));
      expect([statusCode, body.includes("Classified")]).toEqual([200, false]);
    }
    expect(since(before)).toEqual({ made: 1, memory: 1, passed: 3 });
  });
});
