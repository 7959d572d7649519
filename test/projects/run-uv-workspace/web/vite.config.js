import { defineConfig } from 'vite';

export default defineConfig({
  build: { outDir: '../packages/api/src/acme_api/static', emptyOutDir: true },
});
