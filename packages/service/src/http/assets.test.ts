import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readAssets } from "./assets.ts";

const MANIFEST = {
  "src/main.tsx": {
    file: "main.js",
    css: ["main.css"],
    imports: ["_words.js"],
    dynamicImports: ["src/messages/de.ts", "src/show/show.tsx"],
  },
  "_words.js": { file: "words.js" },
  "src/show/show.tsx": { file: "show.js", imports: ["_app.js", "_words.js"] },
  "_app.js": { file: "app.js", dynamicImports: ["src/ui/PeriodForm.tsx"] },
  "src/ui/PeriodForm.tsx": { file: "form.js" },
  "src/messages/de.ts": { file: "de.js" },
};

const folder = await mkdtemp(join(tmpdir(), "assets-"));
afterAll(() => rm(folder, { recursive: true }));

it("a page loads at once what its start needs, step by step, and nothing that may never be needed", async () => {
  await mkdir(join(folder, ".vite"));
  await writeFile(join(folder, ".vite/manifest.json"), JSON.stringify(MANIFEST));
  expect(await readAssets(folder, "/stats/", "src/main.tsx")).toEqual({
    script: "/stats/main.js",
    styles: ["/stats/main.css"],
    preloads: ["/stats/words.js", "/stats/show.js", "/stats/app.js"],
  });
  expect(await readAssets(folder, "/stats/", "src/embed.ts")).toBeNull();
});
