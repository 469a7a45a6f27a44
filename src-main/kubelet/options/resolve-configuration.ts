/** The configuration that holds: flags over fragments over the file over defaults, in upstream's order (cmd/kubelet/app/server.go). */
import { ConfigurationError, decodeConfiguration, type DecodedConfiguration } from './decode-configuration.ts'
import { withDefaults, withLegacyDefaults } from './default-configuration.ts'
import { FeatureGateError, resolveFeatureGates, type FeatureGates, type ResolvedFeatureGates } from './feature-gates.ts'
import { findFlag } from './flag-table.ts'
import { emptyConfiguration, isMap, type KubeletConfiguration } from './kubelet-configuration.ts'
import { KubeletExit, type OptionsWarning } from './kubelet-options.ts'
import { mergeDropIns, type DropInSource, type MergedDropIns } from './merge-drop-ins.ts'
import { stringFlag, type FlagValue, type ParsedFlags } from './parse-flags.ts'
import { describeReadError } from './read-error.ts'
import { parseTaints } from './setting-values.ts'

export type ConfigurationSource = DropInSource

export interface ResolvedConfiguration {
  configuration: KubeletConfiguration
  gates: FeatureGates
  /** `--config`, if any. */
  configPath: string | undefined
  /** Top-level fields that the file or a fragment speaks of. */
  given: ReadonlySet<string>
  ineffectiveGates: string[]
  warnings: OptionsWarning[]
}

/** @throws KubeletExit for files that cannot be used, and unknown feature gates */
export function resolveConfiguration(flags: ParsedFlags, source: ConfigurationSource): ResolvedConfiguration {
  const configPath = stringFlag(flags, 'config')
  const file = configPath === undefined ? undefined : readConfiguration(configPath, source)
  const gatesOfFlags = flags.values.get('feature-gates') as Record<string, boolean> | undefined
  const base =
    file === undefined
      ? withLegacyDefaults(emptyConfiguration(), readGates({ ...gatesOfFlags }).gates)
      : withDefaults(file.configuration, readGates({ ...file.configuration.featureGates, ...gatesOfFlags }).gates)
  const dropIns = readDropIns(base, stringFlag(flags, 'config-dir'), source)
  const { gates, warnings, ineffective } = readGates({ ...dropIns.configuration.featureGates, ...gatesOfFlags })
  const configuration = applyFlags(withDefaults(dropIns.configuration, gates), flags)
  return {
    configuration,
    gates,
    configPath,
    given: new Set([...Object.keys(file?.configuration ?? {}), ...dropIns.given]),
    ineffectiveGates: ineffective,
    warnings: [
      ...lenience(file?.strictFaults ?? []),
      ...(dropIns.unknown.length === 0
        ? []
        : [logLine('Fields of drop-in files that no kubelet has are ignored', { fields: dropIns.unknown })]),
      ...warnings.map((message) => logLine(message, {})),
    ],
  }
}

function lenience(faults: string[]): OptionsWarning[] {
  if (faults.length === 0) return []
  const err = `strict decoding error: ${faults.join(', ')}`
  return [logLine('Using lenient decoding as strict decoding failed', { err })]
}

function logLine(message: string, fields: Record<string, unknown>): OptionsWarning {
  return { channel: 'log', message, fields }
}

function readConfiguration(path: string, source: ConfigurationSource): DecodedConfiguration {
  const fail = (reason: string): KubeletExit =>
    new KubeletExit(
      1,
      `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error ${reason}`,
    )
  let text: string
  try {
    text = source.readFile(path)
  } catch (error) {
    throw fail(`failed to read kubelet config file "${path}", error: ${describeReadError(error, path, 'open')}`)
  }
  if (text === '') throw fail(`kubelet config file "${path}" was empty`)
  try {
    return decodeConfiguration(text)
  } catch (error) {
    if (error instanceof ConfigurationError) throw fail(error.message)
    throw error
  }
}

function readDropIns(
  base: KubeletConfiguration,
  directory: string | undefined,
  source: ConfigurationSource,
): MergedDropIns {
  if (directory === undefined) return { configuration: base, given: [], unknown: [] }
  try {
    return mergeDropIns(base, directory, source)
  } catch (error) {
    if (error instanceof ConfigurationError) throw new KubeletExit(1, error.message)
    throw error
  }
}

function readGates(given: Record<string, boolean>): ResolvedFeatureGates {
  try {
    return resolveFeatureGates(given)
  } catch (error) {
    if (error instanceof FeatureGateError)
      throw new KubeletExit(1, `failed to set feature gates from initial flags-based config: ${error.message}`)
    throw error
  }
}

function applyFlags(configuration: KubeletConfiguration, flags: ParsedFlags): KubeletConfiguration {
  const result = structuredClone(configuration)
  for (const [name, value] of flags.values) {
    const field = findFlag(name)?.field
    if (field !== undefined)
      setField(result, field.split('.'), name === 'register-with-taints' ? readTaints(value) : value)
  }
  // Gates alone add to those of the file: every other map replaces it.
  const gates = { ...configuration.featureGates, ...result.featureGates }
  if (Object.keys(gates).length > 0) result.featureGates = gates
  return result
}

function readTaints(value: FlagValue): unknown {
  const taints = parseTaints(String(value))
  if (typeof taints === 'string') throw new KubeletExit(1, `failed to parse kubelet flag: ${taints}`)
  return taints
}

function setField(object: Record<string, unknown>, path: string[], value: unknown): void {
  const [name, ...rest] = path
  if (name === undefined) return
  if (rest.length === 0) {
    object[name] = value
    return
  }
  const inner = isMap(object[name]) ? object[name] : {}
  object[name] = inner
  setField(inner, rest, value)
}
