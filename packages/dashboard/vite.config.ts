import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Languages of the parts that come with texts of their own. */
const LOCALES = ["en-GB", "en-US", "de-DE", "fr-FR", "es-ES"];

export default defineConfig({
  base: process.env["COMMUNITY_STATS_ASSET_BASE"] ?? "./",
  plugins: [react(), { ...optimizeLocales.vite({ locales: LOCALES }), enforce: "pre" }],
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: true,
    manifest: true,
    rolldownOptions: {
      input: ["src/main.tsx", "src/embed.ts", "src/gallery.tsx", "src/standing.tsx"],
      treeshake: { manualPureFunctions: ["z"] },
    },
  },
});
