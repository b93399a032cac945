import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { testApp } from "./app.ts";

const R1 = "/api/stats-dashboard";
let engine: Engine;
let app: FastifyInstance | undefined;

beforeAll(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
});
afterEach(async () => app?.close());
afterAll(() => engine.close());

async function appWith(serializers: unknown): Promise<FastifyInstance> {
  app = await testApp(engine, { environment: { COMMUNITY_STATS_SERIALIZERS: JSON.stringify(serializers) } });
  return app;
}

const asks = (server: FastifyInstance, path: string, accept: string) =>
  server.inject({ url: `${R1}/${path}`, headers: { accept } });

describe("COMMUNITY_STATS_SERIALIZERS", () => {
  it("adds a media type of an operator's own module, by Accept and by format", async () => {
    const server = await appWith({ "text/x-lines": { serializer: "./serializers/lines.ts" } });
    const path = "usage-delta-series?category=countries&metric=views";
    const accepted = await asks(server, path, "text/x-lines");
    expect(accepted.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(accepted.body.split("\n")).toContain("US views 3");
    expect((await asks(server, `${path}&format=lines`, "*/*")).body).toBe(accepted.body);
    expect((await asks(server, path, "*/*")).headers["content-type"]).toContain("json");
  });

  it("takes a media type away", async () => {
    const server = await appWith({ "application/xml": null, "text/xml": null });
    const refused = await asks(server, "usage-delta-series", "application/xml");
    expect(refused.statusCode).toBe(406);
    expect(refused.json().hint).not.toContain("/xml");
    expect((await asks(server, "usage-delta-series?format=xml", "*/*")).json().code).toBe("UNKNOWN_FORMAT");
  });

  it("limits a media type to the queries it is enabled_for", async () => {
    const server = await appWith({ "text/csv": { serializer: "csv", enabled_for: ["usage-delta-series"] } });
    expect((await asks(server, "usage-delta-series", "text/csv")).statusCode).toBe(200);
    const refused = await asks(server, "usage-snapshot-series", "text/csv");
    expect(refused.statusCode).toBe(406);
    expect(refused.json().hint).not.toContain("text/csv");
    const mixed = await server.inject({
      method: "POST",
      url: R1,
      headers: { accept: "text/csv" },
      payload: { "usage-delta-series": {}, "usage-snapshot-series": {} },
    });
    expect(mixed.statusCode).toBe(406);
  });

  it("takes the original's class names for our serializers of the same type", async () => {
    const server = await appWith({
      "text/csv": {
        serializer: "invenio_stats_dashboard.resources.data_series_serializers.DataSeriesCSVSerializer",
        enabled_for: ["usage-delta-series"],
      },
    });
    expect((await asks(server, "usage-delta-series", "text/csv")).headers["content-type"]).toContain("text/csv");
  });

  it.each([
    ["./serializers/missing.ts", "cannot be loaded"],
    ["./serializers/nothing.ts", "has nothing as its contentType, which must be a media type"],
    ["./serializers/undotted.ts", 'has "txt" as its extension, which must be an ending with its dot, like ".txt"'],
    ["node:path", "is not exported"],
    ["invenio_stats_dashboard.resources.Other", "cannot be loaded"],
  ])("refuses %s at the start", async (serializer, reason) => {
    const start = appWith({ "text/x-other": { serializer } });
    await expect(start).rejects.toMatchObject({ code: "SERIALIZER", message: expect.stringContaining(reason) });
    app = undefined;
  });

  it.each([{ csv: { serializer: "csv" } }, { "text/csv": { serializer: 5 } }, { "text/csv": { name: "csv" } }])(
    "refuses %j as configuration",
    async (value) => {
      await expect(appWith(value)).rejects.toMatchObject({
        code: "CONFIG",
        message: expect.stringContaining("COMMUNITY_STATS_SERIALIZERS"),
      });
      app = undefined;
    },
  );
});

describe("COMMUNITY_STATS_CORS_ORIGINS", () => {
  const preflight = {
    method: "OPTIONS",
    url: R1,
    headers: {
      origin: "https://a.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  } as const;

  it("is empty: no page elsewhere may read", async () => {
    app = await testApp(engine);
    const response = await app.inject({ url: `${R1}/usage-delta-series`, headers: { origin: "https://a.example" } });
    expect(response.headers).not.toHaveProperty("access-control-allow-origin");
    const refused = await app.inject(preflight);
    expect(refused.statusCode).toBe(405);
    expect(refused.headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("opens to the origins it names, never with cookies", async () => {
    app = await testApp(engine, { environment: { COMMUNITY_STATS_CORS_ORIGINS: '["https://a.example"]' } });
    const response = await app.inject({ url: `${R1}/usage-delta-series`, headers: { origin: "https://a.example" } });
    expect(response.headers["access-control-allow-origin"]).toBe("https://a.example");
    expect(response.headers).not.toHaveProperty("access-control-allow-credentials");
    expect(String(response.headers["access-control-expose-headers"])).toContain("etag");
    expect(String(response.headers.vary).split(", ")).toEqual(expect.arrayContaining(["Origin", "Accept"]));
    const stranger = await app.inject({ url: `${R1}/usage-delta-series`, headers: { origin: "https://b.example" } });
    expect(stranger.headers).not.toHaveProperty("access-control-allow-origin");
    expect((await app.inject(preflight)).statusCode).toBe(204);
  });

  it("names origins, not addresses", async () => {
    const start = testApp(engine, { environment: { COMMUNITY_STATS_CORS_ORIGINS: '["https://a.example/page"]' } });
    await expect(start).rejects.toMatchObject({ code: "CONFIG" });
    app = undefined;
  });
});
