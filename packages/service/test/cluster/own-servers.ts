import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}
type Start = (options: object) => Promise<Server>;

const SCRIPTS = new URL("../../../../scripts/", import.meta.url);
const { startSearchNode }: { readonly startSearchNode: Start } = await import(new URL("search-node.mjs", SCRIPTS).href);
const { startRedis }: { readonly startRedis: Start } = await import(new URL("redis.mjs", SCRIPTS).href);

/** A server of a test's own, which may be killed and started again where it was. */
export class OwnServer {
  readonly #start: () => Promise<Server>;
  readonly #dispose: () => void;
  #server: Server;

  private constructor(server: Server, start: () => Promise<Server>, dispose: () => void) {
    this.#server = server;
    this.#start = start;
    this.#dispose = dispose;
  }

  /** @param settings of OpenSearch. */
  static async openSearch(settings: Readonly<Record<string, string>>): Promise<OwnServer> {
    const folder = mkdtempSync(join(tmpdir(), "faults-"));
    const port = String(await freePort());
    const start = () => startSearchNode({ folder, settings: { ...settings, "http.port": port } });
    return new OwnServer(await start(), start, () => rmSync(folder, { recursive: true, force: true }));
  }

  /** It forgets everything when it is started again. */
  static async redis(): Promise<OwnServer> {
    const port = await freePort();
    const start = () => startRedis({ port });
    return new OwnServer(await start(), start, () => undefined);
  }

  get url(): string {
    return this.#server.url;
  }

  /** A crash. */
  async kill(): Promise<void> {
    process.kill(this.#server.pid, "SIGKILL");
    await this.#server.stop();
  }

  async start(): Promise<void> {
    this.#server = await this.#start();
  }

  /** A crash, after which it comes again. */
  async crash(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** It still takes connections, and answers nothing until it wakes. */
  sleep(): void {
    process.kill(this.#server.pid, "SIGSTOP");
  }

  wake(): void {
    process.kill(this.#server.pid, "SIGCONT");
  }

  async end(): Promise<void> {
    await this.#server.stop();
    this.#dispose();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
