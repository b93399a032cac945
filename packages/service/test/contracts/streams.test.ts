import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { testApp } from "./app.ts";
import { progress } from "./serializers/endless.ts";

let engine: Engine;
let app: FastifyInstance;

beforeAll(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
});
afterEach(() => app.close());
afterAll(() => engine.close());

async function listen(log?: (line: string) => void): Promise<string> {
  const serializers = { "text/x-endless": "./serializers/endless.ts", "text/x-broken": "./serializers/broken.ts" };
  app = await testApp(engine, {
    environment: { COMMUNITY_STATS_SERIALIZERS: JSON.stringify(serializers), COMMUNITY_STATS_MAX_EXPORTS: "1" },
    ...(log === undefined ? {} : { log }),
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/stats-dashboard/usage-delta-series`;
}

describe("an answer that is longer than what is kept", () => {
  it("is sent as it is made, without a validator and without a length", async () => {
    const url = await listen();
    const call = request(`${url}?format=endless`).end();
    const [response] = await once(call, "response");
    expect(response.statusCode).toBe(200);
    expect(response.headers).not.toHaveProperty("etag");
    expect(response.headers).not.toHaveProperty("content-length");
    call.destroy();
  });

  it("waits for a slow reader, and stops when the reader goes away", async () => {
    const url = await listen();
    const call = request(`${url}?format=endless`).end();
    const [response] = await once(call, "response");
    response.pause();
    const stalled = await settled(() => progress.blocks);
    expect(stalled * progress.blockBytes).toBeLessThan(32 * 2 ** 20);
    call.destroy();
    await until(() => progress.ended);
    expect(progress.ended).toBe(true);
  });

  it("breaks the connection off when it cannot be finished: it is never taken for whole", async () => {
    const lines: string[] = [];
    const url = await listen((line) => lines.push(line));
    const call = request(`${url}?format=broken`).end();
    const [response] = await once(call, "response");
    expect(response.statusCode).toBe(200);
    const failure = new Promise<NodeJS.ErrnoException>((resolve) => response.once("error", resolve));
    response.resume();
    expect((await failure).code).toBe("ECONNRESET");
    expect(response.complete).toBe(false);
    await until(() => lines.some((line) => line.includes("the disk is gone")));
  });
});

describe("files that are made at once", () => {
  it("have a limit, and a place is free again when its reader has gone", async () => {
    const url = await listen();
    const call = request(`${url}?format=endless`).end();
    await once(call, "response");
    const refused = await fetch(`${url}?format=xlsx`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
    expect(await refused.json()).toMatchObject({ code: "TOO_MANY_EXPORTS" });
    expect((await fetch(`${url}?format=json`)).status).toBe(200);
    call.destroy();
    await until(() => progress.ended);
    expect((await fetch(`${url}?format=xlsx`)).status).toBe(200);
  });
});

const LOOK_MS = 20;

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** The number when it has not changed for ten looks. */
async function settled(read: () => number): Promise<number> {
  let [last, same] = [read(), 0];
  while (same < 10) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    same = read() === last ? same + 1 : 0;
    last = read();
  }
  return last;
}
