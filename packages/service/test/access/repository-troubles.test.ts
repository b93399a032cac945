import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { accessWorld, ask, ROUTES } from "./access-world.ts";
import { openRepositoryApp, type RepositoryApp } from "./repository-app.ts";
import type { StubRepository, Trouble } from "./stub-repository.ts";

const TIMEOUT_MS = 300;
const TROUBLES: readonly Trouble[] = [
  "error",
  "busy",
  "reset",
  "redirect",
  "garbage",
  "html",
  "huge",
  "another",
  "silent",
];
/** What says nothing about rights, so that the next question is asked at once. */
const PASSING: readonly Trouble[] = ["error", "busy", "reset", "garbage", "huge", "silent"];

let engine: Engine;
let served: RepositoryApp;
let stub: StubRepository;
let app: FastifyInstance;
const restricted = ROUTES["GET twin"]("restricted-lab", "json");
const open = ROUTES["GET twin"]("physics", "json");

beforeAll(async () => {
  engine = await accessWorld();
  served = await openRepositoryApp(engine, { timeoutMs: TIMEOUT_MS });
  ({ app, stub } = served);
});
afterAll(async () => {
  await served.close();
  await engine.close();
});
beforeEach(() => served.begin());

describe.each(TROUBLES)("a repository that answers with: %s", (trouble) => {
  beforeEach(() => {
    stub.trouble = trouble;
  });

  it("opens nothing, and closes nothing that is public", async () => {
    const begun = performance.now();
    expect((await ask(app, "reader by token", restricted)).statusCode).toBe(404);
    expect((await ask(app, "guest", open)).statusCode).toBe(200);
    const { body } = await ask(app, "reader by cookie", { url: "/api/stats-dashboard/scopes" });
    expect(body).toContain("physics-optics");
    expect(body).not.toContain("restricted-lab");
    expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS * 4 + 3_000);
  });
});

it.each(PASSING)("is asked again at once after: %s", async (trouble) => {
  stub.trouble = trouble;
  expect((await ask(app, "reader by token", restricted)).statusCode).toBe(404);
  stub.trouble = null;
  expect((await ask(app, "reader by token", restricted)).statusCode).toBe(200);
});

it("is told to nobody: a repository in trouble and a refusal look the same", async () => {
  const refused = (await ask(app, "stranger by token", restricted)).json();
  stub.trouble = "error";
  expect((await ask(app, "reader by token", restricted)).json()).toEqual(refused);
});

it("holds many callers that come together without asking without bound", async () => {
  stub.trouble = "silent";
  const callers = Array.from({ length: 400 }, (_, index) =>
    app.inject({ ...restricted, headers: { cookie: `session=${index}` } }),
  );
  const statuses = (await Promise.all(callers)).map(({ statusCode }) => statusCode);
  expect(new Set(statuses)).toEqual(new Set([404]));
  expect(stub.asked.filter(({ cookie }) => cookie !== null).length).toBeLessThanOrEqual(100);
  expect(stub.asked.filter(({ cookie }) => cookie === null)).toHaveLength(1);
});
