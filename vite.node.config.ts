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

/**
 * A program whose text has one character beyond ASCII is kept in memory with two bytes for each of its characters, for as
 * long as it runs; all such characters are in strings, patterns and comments, where an escape means the same.
 */
function asciiOnly(): Plugin {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return {
    name: 'node-lab:ascii-only',
    // Last of all: whatever prints the code after this hook's predecessors writes the characters again.
    generateBundle: {
      order: 'post',
      handler: (_options, bundle) => {
        for (const chunk of Object.values(bundle))
          if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[\u0080-\uffff]/g, escape)
      },
    },
  }
}

/**
 * An ECMAScript import of `node:http` reads all of its exports, and three of them load the whole of undici with its
 * WebAssembly: 6 MB of private memory in each process, for nothing. Taken as an object, only what is used is read.
 */
function spareUndici(): Plugin {
  const take = (_: string, names: string): string =>
    `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule("node:http");`
  return {
    name: 'node-lab:spare-undici',
    generateBundle: {
      order: 'post',
      handler: (_options, bundle) => {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk') continue
          chunk.code = chunk.code.replace(/\bimport\s*\{([^}]*)\}\s*from\s*"node:http";/g, take)
          const left = /\bimport\b[^;"]*\bfrom\s*"(?:node:)?http";/.exec(chunk.code)
          if (left !== null) throw new Error(`${chunk.fileName} loads undici by way of: ${left[0]}`)
        }
      },
    },
  }
}

const configuration: InlineConfig = {
  configFile: false,
  logLevel: 'warn',
  plugins: [omitUnusedModules(), spareUndici(), asciiOnly()],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: 'out/node',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'node26',
    minify: false,
    rolldownOptions: {
      output: {
        format: 'esm',
        codeSplitting: false,
        entryFileNames: '[name].js',
        // Each process keeps its program's text in memory. Names stay, for the stack traces in journals.
        minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
      },
    },
  },
}

export default configuration
