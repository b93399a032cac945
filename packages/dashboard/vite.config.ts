import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Languages of the parts that come with texts of their own. */
const LOCALES = ["en-GB", "en-US", "de-DE", "fr-FR", "es-ES"];

const HEAD_STYLE = "ownerDocument.head.prepend(style);";

/**
 * No style of ours goes into the head of a page: on one that is somebody else's it could not reach the shadow root, and a strict content
 * security policy forbids it. The one that react-aria puts there stands in states.css.
 */
function withoutHeadStyle(): Plugin {
  return {
    name: "without-head-style",
    apply: "build",
    transform: {
      filter: { id: /react-aria.*usePress\.\w+$/ },
      handler(code) {
        if (!code.includes(HEAD_STYLE))
          this.error(`react-aria no longer writes ${HEAD_STYLE}: look what it does instead.`);
        return { code: code.replace(HEAD_STYLE, ""), map: null };
      },
    },
  };
}

export default defineConfig({
  base: process.env["COMMUNITY_STATS_ASSET_BASE"] ?? "./",
  plugins: [react(), withoutHeadStyle(), { ...optimizeLocales.vite({ locales: LOCALES }), enforce: "pre" }],
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: true,
    manifest: true,
    rolldownOptions: {
      input: ["src/main.tsx", "src/embed.ts", "src/gallery.tsx", "src/layout-editor.tsx", "src/standing.tsx"],
      treeshake: { manualPureFunctions: ["z"] },
    },
  },
});
