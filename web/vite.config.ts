import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** What the node writes into the document of each answer, for the development server, which is not a node. */
function fillPlaceholders(): Plugin {
  return {
    name: "fill-placeholders",
    apply: "serve",
    transformIndexHtml: {
      order: "pre",
      handler: (html) =>
        html.replace("__BASE__", "/").replace("__API_PREFIX__", "vue/_api/v1").replace("__NONCE__", ""),
    },
  };
}

/** Where `npm run dev` serves the API. */
const node = process.env.PUNCTUAL_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  // Relative, because the node may be served below any path.
  base: "./",
  plugins: [react(), fillPlaceholders()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2023",
    // All of them know light-dark(), which older ones would get as something that follows the system alone.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Inlined files would be data: addresses, which the policy keeps to pictures.
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 1_000,
  },
  server: { proxy: Object.fromEntries(["/vue", "/docs", "/openapi.json", "/readyz"].map((path) => [path, node])) },
});
