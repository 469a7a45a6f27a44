/** Loads options from files that exist in memory only. */
import { KubeletExit, type KubeletOptions } from '../kubelet-options.ts'
import { loadKubeletOptions, type OptionsSource } from '../load-options.ts'

export const HEAD = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

/** A file `/c.yaml` with this content, unless it is undefined, and drop-ins by their paths below `/d`. */
export function load(argv: string[], config?: string, dropIns?: Record<string, string>): KubeletOptions {
  return loadKubeletOptions(
    argv,
    source({ ...(config === undefined ? {} : { '/c.yaml': config }), ...dropIns }, dropIns),
  )
}

function source(files: Record<string, string>, dropIns?: Record<string, string>): OptionsSource {
  const missing = (path: string): Error => Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
  return {
    readFile(path) {
      const text = files[path]
      if (text === undefined) throw missing(path)
      return text
    },
    listFiles(directory) {
      if (dropIns === undefined) throw missing(directory)
      return Object.keys(dropIns).sort()
    },
    hostname: () => 'Node01',
  }
}

/** How the program ends instead of running. @throws when it would run */
export function exitOf(argv: string[], config?: string, dropIns?: Record<string, string>): KubeletExit {
  try {
    load(argv, config, dropIns)
  } catch (error) {
    if (error instanceof KubeletExit) return error
    throw error
  }
  throw new Error('it did not exit')
}

/** With a `--config` file of these lines. */
export function loadFile(lines: string): KubeletOptions {
  return load(['--config=/c.yaml'], `${HEAD}${lines}`)
}

export function exitOfFile(lines: string): string {
  return exitOf(['--config=/c.yaml'], `${HEAD}${lines}`).message
}
