/** From the command line and the configuration file to `KubeletOptions`. */
import { CONFIGURATION_FIELDS, EFFECTIVE_FIELDS, type FieldTable } from './configuration-fields.ts'
import { ConfigurationError, decodeConfiguration, type DecodedConfiguration } from './decode-configuration.ts'
import { findFlag } from './flag-table.ts'
import { formatGoDuration, parseGoDuration } from './go-duration.ts'
import type { KubeletConfiguration } from './kubelet-configuration.ts'
import { KubeletExit, type KubeletOptions, type OptionsWarning } from './kubelet-options.ts'
import { FlagError, parseFlags, type FlagValue, type ParsedFlags } from './parse-flags.ts'
import { parseQuantityBytes, parseTaints } from './setting-values.ts'
import { validateConfiguration } from './validate-configuration.ts'

export interface OptionsSource {
  /** Reads a file as UTF-8; throws Node's error with its `code`. */
  readFile(path: string): string
  hostname(): string
}

/** What the kubelet behaves like: the newest Kubernetes that is followed. */
export const KUBELET_VERSION = 'v1.35.0'

const DEFAULT_PAUSE_IMAGE = 'registry.k8s.io/pause:3.10'
const MAX_RESTART_PERIOD_MS = 300_000

/**
 * Reads flags and the `--config` file; a flag wins over the file's field (facts 1.1.2).
 * @param argv arguments without the program
 * @throws KubeletExit for `--version`, `--help`, unknown flags, bad values, an unreadable or wrong file
 */
export function loadKubeletOptions(argv: readonly string[], source: OptionsSource): KubeletOptions {
  const flags = readFlags(argv)
  const configPath = stringFlag(flags, 'config')
  const warnings: OptionsWarning[] = flags.deprecated.map(({ name, message }) => ({
    channel: 'stderr',
    message: `Flag --${name} has been deprecated, ${message}`,
    fields: {},
  }))
  const file = configPath === undefined ? undefined : readConfiguration(configPath, source)
  if (file !== undefined && file.strictFaults.length > 0)
    warnings.push({
      channel: 'log',
      message: 'Using lenient decoding as strict decoding failed',
      fields: { err: `strict decoding error: ${file.strictFaults.join(', ')}` },
    })
  const given = applyFlags(file?.configuration ?? emptyConfiguration(), flags)
  const ineffective = Object.keys(given).filter((field) => !EFFECTIVE_FIELDS.has(field))
  if (ineffective.length > 0)
    warnings.push({
      channel: 'log',
      message: 'Settings that this kubelet reads but does not act on',
      fields: { settings: ineffective.sort() },
    })
  const configuration = withDefaults(given, configPath === undefined)
  refuse(validateConfiguration(configuration), configPath)
  return { ...resolve(configuration, flags, source, configPath), arguments: [...argv], warnings }
}

function readFlags(argv: readonly string[]): ParsedFlags {
  let flags: ParsedFlags
  try {
    flags = parseFlags(argv)
  } catch (error) {
    if (error instanceof FlagError) throw new KubeletExit(1, `failed to parse kubelet flag: ${error.message}`)
    throw error
  }
  if (flags.rest[0] !== undefined) throw new KubeletExit(1, `unknown command ${flags.rest[0]}`)
  if (flags.values.has('help')) throw new KubeletExit(0, USAGE)
  if (flags.values.has('version')) throw new KubeletExit(0, `Kubernetes ${KUBELET_VERSION}`)
  if (flags.values.has('config-dir'))
    throw new KubeletExit(
      1,
      'flag --config-dir is not supported by this kubelet: put all settings into the --config file',
    )
  return flags
}

const USAGE = `The kubelet of a Node Lab node. It takes the flags of Kubernetes' kubelet; those that matter here:

  --config FILE                        configuration file (kubelet.config.k8s.io/v1beta1)
  --pod-manifest-path PATH             folder or file of static pods (staticPodPath in the file)
  --file-check-frequency DURATION      how often the folder is listed (fileCheckFrequency)
  --sync-frequency DURATION            longest time between two looks at a pod (syncFrequency)
  --container-runtime-endpoint URL     CRI socket (containerRuntimeEndpoint)
  --hostname-override NAME             name of the node
  --version                            print the version and end`

function readConfiguration(path: string, source: OptionsSource): DecodedConfiguration {
  const fail = (reason: string): KubeletExit =>
    new KubeletExit(
      1,
      `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error ${reason}`,
    )
  let text: string
  try {
    text = source.readFile(path)
  } catch (error) {
    throw fail(`failed to read kubelet config file "${path}", error: ${describeReadError(error, path)}`)
  }
  if (text === '') throw fail(`kubelet config file "${path}" was empty`)
  try {
    return decodeConfiguration(text)
  } catch (error) {
    if (error instanceof ConfigurationError) throw fail(error.message)
    throw error
  }
}

function describeReadError(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return `open ${path}: no such file or directory`
  if (code === 'EACCES') return `open ${path}: permission denied`
  if (code === 'EISDIR') return `read ${path}: is a directory`
  return error instanceof Error ? error.message : String(error)
}

function emptyConfiguration(): KubeletConfiguration {
  return { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' }
}

function applyFlags(configuration: KubeletConfiguration, flags: ParsedFlags): KubeletConfiguration {
  const result: KubeletConfiguration = structuredClone(configuration)
  for (const [name, value] of flags.values) {
    const field = findFlag(name)?.field
    if (field !== undefined)
      setField(result, field.split('.'), name === 'register-with-taints' ? readTaints(value) : value)
  }
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
    // A map flag adds to the file's map; everything else replaces (upstream re-parses the flags over the file).
    object[name] = isMap(value) && isMap(object[name]) ? { ...object[name], ...value } : value
    return
  }
  const inner = isMap(object[name]) ? object[name] : {}
  object[name] = inner
  setField(inner, rest, value)
}

/** Upstream's defaults; without a file those of the old flags, which let everybody in (facts 1.1.4). */
function withDefaults(configuration: KubeletConfiguration, legacy: boolean): KubeletConfiguration {
  const result: KubeletConfiguration = structuredClone(configuration)
  if (legacy) {
    fillDefaults(result, {
      authentication: {
        type: 'object',
        fields: {
          anonymous: { type: 'object', fields: { enabled: { type: 'bool', default: true } } },
          webhook: { type: 'object', fields: { enabled: { type: 'bool', default: false } } },
        },
      },
      authorization: { type: 'object', fields: { mode: { type: 'string', default: 'AlwaysAllow' } } },
      readOnlyPort: { type: 'int32', default: 10255 },
    })
  }
  fillDefaults(result, CONFIGURATION_FIELDS)
  // Pulls are one at a time unless several are asked for.
  result.serializeImagePulls ??= (result.maxParallelImagePulls ?? 1) < 2
  return result
}

/** Empty strings and zero durations count as unset, as in upstream's defaulting. */
function fillDefaults(object: Record<string, unknown>, table: FieldTable): void {
  for (const [name, field] of Object.entries(table)) {
    const unset =
      object[name] === undefined || object[name] === '' || (field.type === 'duration' && isZero(object[name]))
    if (field.type === 'object') {
      const inner = isMap(object[name]) ? object[name] : {}
      fillDefaults(inner, field.fields)
      object[name] = inner
    } else if ('default' in field && field.default !== undefined && unset) object[name] = field.default
  }
}

function isZero(value: unknown): boolean {
  return typeof value === 'string' && parseGoDuration(value) === 0
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(problems: string[], configPath: string | undefined): void {
  if (problems.length === 0) return
  const list = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`
  throw new KubeletExit(1, `failed to validate kubelet configuration, error: ${list}, path: ${configPath ?? '(flags)'}`)
}

function resolve(
  configuration: KubeletConfiguration,
  flags: ParsedFlags,
  source: OptionsSource,
  configPath: string | undefined,
): Omit<KubeletOptions, 'arguments' | 'warnings'> {
  const staticPodPath = configuration.staticPodPath || null
  const backOff = configuration.crashLoopBackOff?.maxContainerRestartPeriod
  const taints = configuration['registerWithTaints']
  const labels = flags.values.get('node-labels')
  return {
    nodeName: (stringFlag(flags, 'hostname-override') ?? source.hostname()).trim().toLowerCase(),
    configPath,
    kubeconfigPath: stringFlag(flags, 'kubeconfig'),
    bootstrapKubeconfigPath: stringFlag(flags, 'bootstrap-kubeconfig'),
    nodeIP: stringFlag(flags, 'node-ip'),
    nodeLabels: isMap(labels) ? (labels as Record<string, string>) : {},
    registerWithTaints: Array.isArray(taints) ? taints : [],
    rootDirectory: stringFlag(flags, 'root-dir') ?? '/var/lib/kubelet',
    certDirectory: stringFlag(flags, 'cert-dir') ?? '/var/lib/kubelet/pki',
    staticPodPath,
    staticPodPathSource: staticPodPath === null ? 'none' : stringFlag(flags, 'pod-manifest-path') ? 'flag' : 'config',
    fileCheckFrequencyMs: milliseconds(configuration.fileCheckFrequency),
    syncFrequencyMs: milliseconds(configuration.syncFrequency),
    containerRuntimeEndpoint: configuration.containerRuntimeEndpoint ?? '',
    podInfraContainerImage: stringFlag(flags, 'pod-infra-container-image') ?? DEFAULT_PAUSE_IMAGE,
    clusterDNS: configuration.clusterDNS ?? [],
    clusterDomain: configuration.clusterDomain ?? '',
    maxPods: configuration.maxPods ?? 0,
    containerLogMaxBytes: parseQuantityBytes(configuration.containerLogMaxSize ?? '') ?? 0,
    containerLogMaxFiles: configuration.containerLogMaxFiles ?? 0,
    maxContainerRestartPeriodMs: backOff === undefined ? MAX_RESTART_PERIOD_MS : milliseconds(backOff),
    serializeImagePulls: configuration.serializeImagePulls ?? true,
    maxParallelImagePulls: configuration.maxParallelImagePulls,
    verbosity: Number(flags.values.get('v') ?? 0),
    configuration: canonicalDurations(configuration),
  }
}

/** An empty value counts as not given. */
function stringFlag(flags: ParsedFlags, name: string): string | undefined {
  const value = flags.values.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function milliseconds(duration: string | undefined): number {
  return parseGoDuration(duration ?? '') ?? 0
}

function canonicalDurations(configuration: KubeletConfiguration): KubeletConfiguration {
  const result: KubeletConfiguration = { ...configuration }
  for (const [name, field] of Object.entries(CONFIGURATION_FIELDS)) {
    const value = result[name]
    if (field.type === 'duration' && typeof value === 'string') result[name] = formatGoDuration(milliseconds(value))
  }
  return result
}
