/** Builds the app: main process, preload and renderer into `out/`. The programs of the nodes have a build of their own. */
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { listParts } from './src-renderer/list-parts.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  main: {
    build: {
      outDir: path('./out/main'),
      rolldownOptions: {
        input: path('./src-main/index.ts'),
        output: { format: 'es', entryFileNames: 'index.js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: path('./out/preload'),
      // A sandboxed preload cannot load modules: it has to be one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: path('./src-main/preload/index.ts'),
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: path('./src-renderer'),
    resolve: { alias: { '@common': path('./src-main/common') } },
    plugins: [vue(), tailwindcss(), listParts()],
    build: {
      outDir: path('./out/renderer'),
      // The page's policy allows its own files; `data:` URLs would need an exception for fonts.
      assetsInlineLimit: 0,
      minify: true,
      // A part that is loaded later must not fail for its styles: they come with the first.
      cssCodeSplit: false,
      rolldownOptions: { input: path('./src-renderer/index.html') },
    },
  },
})
