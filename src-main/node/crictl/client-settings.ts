/** Where the runtime is and how long it is waited for: flags, then variables, then the configuration file, then defaults. */
import { readFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import type { FlagValues } from './flags.ts'
import { CrictlError } from './verb.ts'

export interface ClientSettings {
  runtimeEndpoint: string
  imageEndpoint: string
  /** Of one call, but for waits that belong to it. */
  timeoutMs: number
}

/** cri-tools' own, without the configuration file. */
export const DEFAULT_ENDPOINTS = [
  'unix:///run/containerd/containerd.sock',
  'unix:///run/crio/crio.sock',
  'unix:///var/run/cri-dockerd.sock',
]
export const DEFAULT_CONFIGURATION_FILE = '/etc/crictl.yaml'
const DEFAULT_TIMEOUT_MS = 2000

/** What the file may hold, in the order in which it is listed. */
export interface ClientConfiguration {
  'runtime-endpoint': string
  'image-endpoint': string
  /** Seconds. */
  timeout: number
  debug: boolean
  'pull-image-on-create': boolean
  'disable-pull-on-run': boolean
}
export type ClientOption = keyof ClientConfiguration

export const EMPTY_CONFIGURATION: ClientConfiguration = {
  'runtime-endpoint': '',
  'image-endpoint': '',
  timeout: 0,
  debug: false,
  'pull-image-on-create': false,
  'disable-pull-on-run': false,
}

export function isClientOption(name: string): name is ClientOption {
  return Object.hasOwn(EMPTY_CONFIGURATION, name)
}

/** `undefined` when there is no such file. @throws CrictlError when it cannot be read, or holds what it must not */
export function readConfiguration(file: string): ClientConfiguration | undefined {
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new CrictlError(`load config file: ${file}`, error)
  }
  const configuration = { ...EMPTY_CONFIGURATION }
  if (content === null) return configuration
  if (typeof content !== 'object' || Array.isArray(content))
    throw new CrictlError(`load config file: ${file}: it must hold keys and values`)
  for (const [key, value] of Object.entries(content)) {
    if (!isClientOption(key)) continue
    setOption(configuration, key, String(value ?? ''))
  }
  return configuration
}

/** @throws CrictlError when the value is not of the option's kind */
export function setOption(configuration: ClientConfiguration, option: ClientOption, value: string): void {
  switch (option) {
    case 'runtime-endpoint':
    case 'image-endpoint':
      configuration[option] = value
      return
    case 'timeout':
      if (!/^-?\d{1,9}$/.test(value))
        throw new CrictlError(
          `parse timeout value '${value}': strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`,
        )
      configuration.timeout = Number(value)
      return
    case 'debug':
    case 'pull-image-on-create':
    case 'disable-pull-on-run':
      if (!/^(true|false|t|f|1|0)$/i.test(value))
        throw new CrictlError(
          `parse ${option} value '${value}': strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
        )
      configuration[option] = /^(true|t|1)$/i.test(value)
  }
}

export function formatConfiguration(configuration: ClientConfiguration): string {
  return stringify(configuration, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
}

/** @param warn is told when nothing names an endpoint @throws CrictlError when a file that was asked for is not there */
export function computeSettings(
  flags: FlagValues,
  configuration: ClientConfiguration | undefined,
  warn: (message: string) => void,
): ClientSettings {
  const file = configuration ?? EMPTY_CONFIGURATION
  let runtimeEndpoint = flags.text('runtime-endpoint') || file['runtime-endpoint']
  if (runtimeEndpoint === '') {
    warn(
      `runtime connect using default endpoints: [${DEFAULT_ENDPOINTS.join(' ')}]. ` +
        'As the default settings are now deprecated, you should set the endpoint instead.',
    )
    runtimeEndpoint = DEFAULT_ENDPOINTS[0] ?? ''
  }
  const imageEndpoint = flags.text('image-endpoint') || file['image-endpoint'] || runtimeEndpoint
  const flagMs = flags.isGiven('timeout') ? (flags.durationMs('timeout') ?? 0) : 0
  return { runtimeEndpoint, imageEndpoint, timeoutMs: flagMs || Math.max(0, file.timeout) * 1000 || DEFAULT_TIMEOUT_MS }
}
