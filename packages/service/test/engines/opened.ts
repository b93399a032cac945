import { afterEach, beforeEach } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";

/** A fresh engine for each case. */
export function opened(open: () => Promise<Engine>): () => Engine {
  let engine: Engine | undefined;
  beforeEach(async () => {
    engine = await open();
  });
  afterEach(async () => await engine?.close());
  return () => {
    if (engine === undefined) throw new Error("no engine is open");
    return engine;
  };
}
