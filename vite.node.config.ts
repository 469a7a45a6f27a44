/**
 * Bundles of the programs that run on nodes: one file each, with everything of npm's inside, for the Node.js of the node
 * image. `scripts/build-node-programs.ts` says which programs there are.
 */
import type { InlineConfig, Plugin } from 'vite'

/** dockerode can reach engines over ssh; a runtime service has the engine's socket and needs none of that. */
const UNUSED_MODULES = new Set(['ssh2', 'cpu-features'])
const UNUSED_ID = '\0unused-module'

function omitUnusedModules(): Plugin {
  return {
    name: 'node-lab:omit-unused-modules',
    enforce: 'pre',
    resolveId: (id) => (UNUSED_MODULES.has(id) ? UNUSED_ID : null),
    load: (id) => (id === UNUSED_ID ? 'export default {}; export const Client = undefined' : null),
  }
}

const configuration: InlineConfig = {
  configFile: false,
  logLevel: 'warn',
  plugins: [omitUnusedModules()],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: 'out/node',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'node26',
    minify: false,
    rolldownOptions: { output: { format: 'esm', codeSplitting: false, entryFileNames: '[name].js' } },
  },
}

export default configuration
