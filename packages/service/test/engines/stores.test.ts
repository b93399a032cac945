import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { INBOX_LIMITS, type InboxLimits } from "../../src/engines/embedded/event-store.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { storeConformance } from "./store-conformance.ts";

const folders: string[] = [];

storeConformance("memory", async () => openMemory({ clock: Date.now }));
/** By way of the inbox, past it, and through one that is always too small. */
const INBOXES: readonly (readonly [string, Partial<InboxLimits>])[] = [
  ["embedded", {}],
  ["embedded without an inbox", { batch: 0 }],
  ["embedded with a tiny inbox", { batch: 2, waiting: 2 }],
];
for (const [name, limits] of INBOXES) {
  storeConformance(name, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "stores-"));
    folders.push(dataDir);
    return await openEmbedded({ dataDir, inbox: { ...INBOX_LIMITS, ...limits } });
  });
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
