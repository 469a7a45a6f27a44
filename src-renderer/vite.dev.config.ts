/** The renderer alone on the in-memory bridge, for work on screens: `npx vite --config src-renderer/vite.dev.config.ts`. */
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { listParts } from './list-parts.ts'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  mode: 'fake',
  resolve: { alias: { '@common': fileURLToPath(new URL('../src-main/common', import.meta.url)) } },
  plugins: [vue(), tailwindcss(), listParts()],
  build: { cssCodeSplit: false },
  server: { host: '127.0.0.1', port: 5199 },
})
