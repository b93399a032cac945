import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What InvenioRDM 13 answered to these requests (fixtures/invenio/README.md). */
interface Recording {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly id?: string; readonly hits?: { readonly hits: readonly RecordedCommunity[] } };
}
interface RecordedCommunity {
  readonly id: string;
  readonly slug: string;
  readonly access: { readonly visibility: "public" | "restricted" };
}

const RECORDINGS = new URL("../../../../fixtures/invenio/rest/", import.meta.url);
function recording(name: string): Recording {
  return JSON.parse(readFileSync(new URL(`${name}.json`, RECORDINGS), "utf8"));
}

export const USERS = ["stranger", "reader", "owner", "admin"] as const;
export type User = (typeof USERS)[number];

const RESTRICTED = Object.fromEntries(
  ["anonymous", ...USERS].map((user) => [user, recording(`restricted-community-as-${user}`)]),
);
const UNKNOWN = recording("community-unknown-uuid");
const LISTED = recording("communities-as-reader").body.hits?.hits ?? [];
const RESTRICTED_ID = RESTRICTED["reader"]?.body.id ?? "";

/** Ids of the recorded communities by slug. */
export const IDS: Readonly<Record<string, string>> = Object.fromEntries(LISTED.map(({ slug, id }) => [slug, id]));

/** Sent instead of what was recorded. */
export type Trouble = "error" | "reset" | "redirect" | "garbage" | "html" | "huge" | "another" | "silent" | "busy";

export interface Asked {
  readonly url: string;
  readonly cookie: string | null;
  readonly authorization: string | null;
}

/** A web server on loopback that replays the recordings: tokens `lab-token-<user>`, session cookies `session=<user>`. */
export class StubRepository {
  readonly asked: Asked[] = [];
  trouble: Trouble | null = null;
  /** Communities that the repository has restricted since they were fed in. */
  readonly closed = new Set<string>();
  /** Communities that the repository has made public since they were fed in. */
  readonly opened = new Set<string>();
  /** Communities that its lists still show to guests although it refuses them. */
  readonly stale = new Set<string>();
  /** Communities that one list holds. */
  listed = Number.POSITIVE_INFINITY;
  /** No answer is sent before it. */
  thinks: Promise<void> = Promise.resolve();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** As recorded, and asked nothing yet. */
  reset(): void {
    this.asked.length = 0;
    this.trouble = null;
    this.thinks = Promise.resolve();
    this.listed = Number.POSITIVE_INFINITY;
    for (const changed of [this.closed, this.opened, this.stale]) changed.clear();
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { cookie = null, authorization = null } = request.headers;
    this.asked.push({ url: request.url ?? "", cookie, authorization });
    if (this.trouble !== null) return makeTrouble(this.trouble, request, response);
    const reply = this.#reply(request.url ?? "", userOf(cookie, authorization));
    void this.thinks.then(() => send(response, reply.status, reply.body));
  }

  #reply(url: string, user: User | "anonymous"): Pick<Recording, "status"> & { readonly body: unknown } {
    if (url.startsWith("/api/communities?")) return this.#list(url, user);
    const id = decodeURIComponent(url.replace("/api/communities/", ""));
    if (id === RESTRICTED_ID && !this.opened.has(id)) return RESTRICTED[user] ?? UNKNOWN;
    const community = LISTED.find((listed) => listed.id === id);
    if (community === undefined) return UNKNOWN;
    const refusal = RESTRICTED[user];
    return this.closed.has(id) && refusal?.status === 403 ? refusal : { status: 200, body: community };
  }

  #list(url: string, user: User | "anonymous") {
    const isMember = RESTRICTED[user]?.status === 200;
    const wanted = url.includes("visibility=restricted") ? ["restricted"] : ["public", "restricted"];
    const hits = LISTED.filter(({ id, access }) => {
      const before = this.closed.has(id) ? "restricted" : access.visibility;
      const visibility = this.opened.has(id) || this.stale.has(id) ? "public" : before;
      return wanted.includes(visibility) && (visibility === "public" || isMember);
    });
    return { status: 200, body: { hits: { hits: hits.slice(0, this.listed), total: hits.length } } };
  }
}

/** A bad token or session is no error to InvenioRDM: it answers as to a guest. */
function userOf(cookie: string | null, authorization: string | null): User | "anonymous" {
  const [, byToken] = /^Bearer lab-token-(\w+)$/.exec(authorization ?? "") ?? [];
  const [, byCookie] = /(?:^|; )session=(\w+)/.exec(cookie ?? "") ?? [];
  return USERS.find((user) => user === (byToken ?? byCookie)) ?? "anonymous";
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const HUGE_BYTES = 64 << 20;

function makeTrouble(trouble: Trouble, request: IncomingMessage, response: ServerResponse): void {
  switch (trouble) {
    case "error":
      return send(response, 500, { status: 500, message: "Internal server error" });
    case "busy":
      return send(response, 429, { status: 429, message: "Too many requests" });
    case "reset":
      request.socket.resetAndDestroy();
      return;
    case "redirect":
      response.writeHead(302, { location: "/login" }).end();
      return;
    case "garbage":
      response.writeHead(200, { "content-type": "application/json" }).end('{"id": "0bc7');
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Welcome</html>");
      return;
    case "another":
      return send(
        response,
        200,
        LISTED.find(({ slug }) => slug === "physics"),
      );
    case "huge":
      return flood(response);
    case "silent":
      return;
    default:
      trouble satisfies never;
  }
}

/** A JSON text that does not end before many megabytes, sent as fast as it is taken. */
function flood(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const block = Buffer.alloc(1 << 16, " ");
  let sent = 0;
  const more = () => {
    while (sent < HUGE_BYTES && !response.destroyed) {
      sent += block.length;
      if (!response.write(block)) return void response.once("drain", more);
    }
    response.end(JSON.stringify({ id: RESTRICTED_ID }));
  };
  more();
}
