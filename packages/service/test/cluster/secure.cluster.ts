import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOpenSearch, type OpenSearchOptions } from "../../src/engines/opensearch/open.ts";
import { OwnServer } from "./own-servers.ts";
import { freshPrefix, OPENSEARCH_URL, optionsFor, removeAll } from "./test-cluster.ts";

const [USER, PASSWORD] = ["statistician", "pass:word/é"];
const REDIS_PASSWORD = "another secret";
const folder = mkdtempSync(join(tmpdir(), "secure-"));
const prefix = freshPrefix();
let gate: Server;
let redis: OwnServer;
let options: OpenSearchOptions;

/** A certificate that no system trusts. */
function certificate(): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...made, ...names], { stdio: "pipe" });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

/** The cluster of the tests behind TLS and a password, as a security plugin would have it. */
async function openGate(): Promise<Server> {
  const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
  const server = createServer(certificate(), (incoming, outgoing) => {
    if (incoming.headers.authorization !== expected) {
      outgoing.writeHead(401, { "content-type": "application/json" }).end('{"status":401}');
      return;
    }
    const { method, headers, url = "/" } = incoming;
    const passed = request(new URL(url, OPENSEARCH_URL), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

beforeAll(async () => {
  [gate, redis] = await Promise.all([openGate(), OwnServer.redis()]);
  const admin = new Redis(redis.url);
  await admin.config("SET", "requirepass", REDIS_PASSWORD);
  admin.disconnect();
  const address = gate.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  options = {
    ...optionsFor(prefix),
    nodes: [`https://localhost:${port}`],
    username: USER,
    password: PASSWORD,
    caFile: join(folder, "cert.pem"),
    redisUrl: redis.url.replace("redis://", `redis://:${encodeURIComponent(REDIS_PASSWORD)}@`),
    retry: { firstMs: 10, longestMs: 10, totalMs: 20 },
  };
});
afterAll(async () => {
  gate.closeAllConnections();
  await new Promise((resolve) => {
    gate.close(resolve);
  });
  await redis.end();
  await removeAll(prefix);
  rmSync(folder, { recursive: true });
});

async function failure(changed: Partial<OpenSearchOptions>): Promise<unknown> {
  return await openOpenSearch({ ...options, ...changed }).then(
    async (engine) => await engine.control.acquire("job", "test", 1000, Date.now()).finally(() => engine.close()),
    (error: unknown) => error,
  );
}

describe("a cluster behind TLS and passwords", () => {
  it("is used with the right ones", async () => {
    const engine = await openOpenSearch(options);
    await engine.control.setSetting("greeting", "hello");
    expect(await engine.control.setting("greeting")).toBe("hello");
    const lease = await engine.control.acquire("job", "test", 1000, Date.now());
    expect(await lease?.renew(1000)).toBe(true);
    expect(await engine.work?.standing()).toMatchObject({ waiting: 0, active: 0 });
    await lease?.release();
    await engine.close();
  });

  it.each<[string, Partial<OpenSearchOptions>, RegExp]>([
    ["a wrong password", { password: "guessed" }, /refused GET \/ with 401/],
    ["a certificate that nobody vouches for", { caFile: null }, /self.signed certificate/],
  ])("is not used with %s, and no password is told", async (_what, changed, expected) => {
    const error = await failure(changed);
    expect(String(error)).toMatch(expected);
    for (const secret of [PASSWORD, "guessed", REDIS_PASSWORD]) expect(String(error)).not.toContain(secret);
  });

  it("is used with any certificate where that is asked for", async () => {
    expect(await failure({ caFile: null, verifyCertificates: false })).toMatchObject({ name: "job" });
  });

  it("gives no lease with a wrong password of Redis", async () => {
    const wrong = redis.url.replace("redis://", "redis://:guessed@");
    const error = await failure({ redisUrl: wrong }).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/Redis did not answer/);
    expect(String(error)).not.toContain("guessed");
  });
});
