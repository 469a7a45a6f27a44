/**
 * `--config-dir`: fragments `*.conf`, merged over the configuration in the order of their names (facts 1.1.3,
 * cmd/kubelet/app/server.go): structures are merged, lists and values replaced, `null` takes a field away.
 */
import { ConfigurationError, decodeFragment, type ConfigurationFragment } from './decode-configuration.ts'
import { isMap, type KubeletConfiguration } from './kubelet-configuration.ts'
import { describeReadError } from './read-error.ts'

export interface DropInSource {
  /** Reads a file as UTF-8; throws Node's error with its `code`. */
  readFile(path: string): string
  /** Paths of the files in a folder and its folders, each folder in the order of its names; throws Node's error. */
  listFiles(directory: string): string[]
}

export interface MergedDropIns {
  configuration: KubeletConfiguration
  /** Top-level fields that a fragment speaks of. */
  given: string[]
  /** Fields that no kubelet has, each with its file: upstream drops them without a word. */
  unknown: string[]
}

/** @throws ConfigurationError for a folder or a fragment that cannot be used; `message` is upstream's. */
export function mergeDropIns(base: KubeletConfiguration, directory: string, source: DropInSource): MergedDropIns {
  const walk = (reason: string): ConfigurationError =>
    new ConfigurationError(
      `failed to merge kubelet configs: failed to walk through kubelet dropin directory ${JSON.stringify(directory)}: ${reason}`,
    )
  let paths: string[]
  try {
    paths = source.listFiles(directory)
  } catch (error) {
    throw walk(describeReadError(error, directory, 'lstat'))
  }
  let merged: Record<string, unknown> = { ...base }
  const given: string[] = []
  const unknown: string[] = []
  for (const path of paths.filter((name) => name.endsWith('.conf'))) {
    const fragment = readFragment(path, source)
    if (typeof fragment === 'string') throw walk(`failed to load kubelet dropin file, path: ${path}, ${fragment}`)
    given.push(...Object.keys(fragment.object))
    unknown.push(...fragment.strictFaults.map((fault) => `${path}: ${fault}`))
    merged = mergePatch(merged, fragment.object)
  }
  // Every fragment's fields have the types of the configuration's, so what they are merged into has them too.
  return { configuration: merged as unknown as KubeletConfiguration, given, unknown }
}

/** The fault in upstream's words when the file is no fragment; a wrong type is told with its file, which upstream leaves out. */
function readFragment(
  path: string,
  source: DropInSource,
): Extract<ConfigurationFragment, { kind: 'fragment' }> | string {
  let text: string
  try {
    text = source.readFile(path)
  } catch (error) {
    return `error: failed to read drop-in kubelet config file ${JSON.stringify(path)}, error: ${describeReadError(error, path, 'open')}`
  }
  if (text === '') return `error: kubelet config file ${JSON.stringify(path)} was empty`
  try {
    const fragment = decodeFragment(text)
    return fragment.kind === 'foreign' ? `unknown apiVersion/kind: ${fragment.type}` : fragment
  } catch (error) {
    if (error instanceof ConfigurationError) return `error: ${error.message}`
    throw error
  }
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = isMap(value) ? mergePatch(result[name], value) : value
  }
  return result
}
