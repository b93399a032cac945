import type { FastifyInstance } from "fastify";
import type { OpenedCache } from "../../src/cache/open-cache.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { testApp, type TestAppOptions } from "../contracts/app.ts";
import { ADMIN_TOKEN } from "./access-world.ts";
import { StubRepository } from "./stub-repository.ts";

/** A server and the repository that it asks, for all tests of a file. */
export interface RepositoryApp {
  readonly app: FastifyInstance;
  readonly stub: StubRepository;
  /** Null where each answer is made anew. */
  readonly cache: OpenedCache | null;
  /** Time goes by for what the service remembers of the repository. */
  later(seconds: number): void;
  /** As if nothing had been asked: the repository is as recorded, and the service has forgotten what it said. */
  begin(): void;
  close(): Promise<void>;
}

export interface RepositoryAppOptions extends Pick<TestAppOptions, "timeoutMs"> {
  readonly isCached?: boolean;
}

export async function openRepositoryApp(
  engine: Engine,
  { isCached = false, ...options }: RepositoryAppOptions = {},
): Promise<RepositoryApp> {
  const stub = new StubRepository();
  const environment = { COMMUNITY_STATS_INVENIO_URL: await stub.open(), COMMUNITY_STATS_ADMIN_TOKEN: ADMIN_TOKEN };
  let ms = 1_000;
  let cache: OpenedCache | null = null;
  const take = (opened: OpenedCache) => {
    cache = opened;
  };
  const later = (seconds: number) => {
    ms += seconds * 1_000;
  };
  const app = await testApp(engine, {
    ...options,
    environment,
    forgetting: () => ms,
    ...(isCached ? { cache: take } : {}),
  });
  return {
    app,
    stub,
    cache,
    later,
    begin() {
      stub.reset();
      later(MEMORY_SECONDS + 1);
    },
    async close() {
      await app.close();
      await stub.close();
    },
  };
}

/** The longest that the service may remember an answer. */
export const MEMORY_SECONDS = 60;
