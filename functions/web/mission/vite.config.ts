import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/mission/",
  plugins: [react()],
  worker: { format: "es" },
  build: {
    target: "es2022",
    // MapLibre is a megabyte on its own and changes rarely: it keeps a chunk (and a browser cache entry) to itself.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "maplibre", test: /node_modules\/(maplibre-gl|@maplibre|@mapbox)/ },
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/v1": "http://127.0.0.1:8080",
      "/map": "http://127.0.0.1:8080",
      "/mission/config.json": "http://127.0.0.1:8080",
    },
  },
  test: { include: ["src/**/*.test.ts"] },
});
