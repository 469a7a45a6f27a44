/** Vite plugin: writes `parts.json`, the scripts of the window that are loaded when they are wanted, for `load-later.ts`. */
import type { Plugin } from 'vite'

export function listParts(): Plugin {
  return {
    name: 'list-parts',
    apply: 'build',
    generateBundle(_options, bundle) {
      const parts = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' && !file.isEntry ? [file.fileName] : [],
      )
      this.emitFile({ type: 'asset', fileName: 'parts.json', source: JSON.stringify(parts.toSorted()) })
    },
  }
}
