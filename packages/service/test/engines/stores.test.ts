import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { storeConformance } from "./store-conformance.ts";

const folders: string[] = [];

storeConformance("memory", async () => openMemory({ clock: Date.now }));
storeConformance("embedded", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stores-"));
  folders.push(dataDir);
  return await openEmbedded({ dataDir });
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
