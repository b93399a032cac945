import { connect, type AddressInfo } from "node:net";
import { once } from "node:events";
import { array, assert, asyncProperty, constantFrom, oneof, tuple, uint8Array } from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMemory } from "../../src/engines/memory/open.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { anyText } from "../any-text.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { testApp } from "./app.ts";
import { endure, growthPerRequest } from "./endurance.ts";

const REQUESTS = 2_000;
const SEED = 20_261_126;
const MOST_MS = 5_000;
/** Twenty seconds on a machine with nothing else to do. */
const WHOLE_MS = 300_000;
/** Bytes a request. So short a run still warms up; one that kept its requests would grow by several kB (bench/endurance.ts is stricter). */
const MOST_GROWTH = 1000;

describe("random requests made from openapi.json", () => {
  it("get an answer or a clear refusal, in time, and leave nothing behind", { timeout: WHOLE_MS }, async () => {
    const endurance = await endure(REQUESTS, SEED);
    const { faults, unclear, slowestMs, statuses } = endurance;
    expect({ faults, unclear }).toEqual({ faults: [], unclear: [] });
    expect(slowestMs).toBeLessThan(MOST_MS);
    // Both ways are taken: a generator of nothing but refusals proves little.
    expect(statuses["200"] ?? 0).toBeGreaterThan(REQUESTS / 20);
    expect(statuses["400"] ?? 0).toBeGreaterThan(REQUESTS / 20);
    expect(growthPerRequest(endurance)).toBeLessThan(MOST_GROWTH);
  });
});

describe("random bytes on the wire", () => {
  let engine: Engine;
  let app: FastifyInstance;
  beforeAll(async () => {
    engine = openMemory({ clock: Date.now });
    await writeWorkedExample(engine);
    app = await testApp(engine, { environment: { COMMUNITY_STATS_ARRIVAL_TIMEOUT: "1" } });
    await app.listen({ port: 0, host: "127.0.0.1" });
  });
  afterAll(async () => {
    await app.close();
    await engine.close();
  });

  /** Everything that comes back until the server closes, or until we have said all and waited for a word. */
  async function exchange(bytes: Uint8Array): Promise<string> {
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.end(bytes);
    await once(socket, "close");
    return answer;
  }

  it("are answered by 4xx or by closing, and the next one is served", async () => {
    const line = constantFrom(
      "GET /stats HTTP/1.1\r\n",
      "POST /api/stats HTTP/1.1\r\n",
      "GET /%ff%00 HTTP/1.1\r\n",
      "PRI * HTTP/2.0\r\n",
    );
    const header = oneof(
      constantFrom(
        "Host: x\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
      ),
      anyText({ maxLength: 60 }).map((text) => `${text}\r\n`),
    );
    const shaped = tuple(line, array(header, { maxLength: 6 }), uint8Array({ maxLength: 300 })).map(
      ([first, headers, body]) => Buffer.concat([Buffer.from(`${first}${headers.join("")}\r\n`), body]),
    );
    await assert(
      asyncProperty(oneof(shaped, uint8Array({ minLength: 1, maxLength: 3000 })), async (bytes) => {
        const statuses = [...(await exchange(bytes)).matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) =>
          Number(status),
        );
        expect(statuses.filter((status) => status >= 500)).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect((await app.inject({ url: "/health/live" })).statusCode).toBe(200);
  });
});
