/** What a kubelet refuses to start with (pkg/kubelet/apis/config/validation): upstream's rules and sentences, in its order. */
import { parseQuantity } from '../../common/api/quantity.ts'
import { parseGoDuration } from '../../common/api/duration.ts'
import type { KubeletConfiguration } from './kubelet-configuration.ts'
import type { ResolvedConfiguration } from './resolve-configuration.ts'

interface NumberRule {
  field: string
  flag?: string
  isGood: (value: number) => boolean
  /** After the value. */
  sentence: string
}

const atLeast =
  (least: number) =>
  (value: number): boolean =>
    value >= least
const between =
  (least: number, most: number) =>
  (value: number): boolean =>
    value >= least && value <= most

const NEGATIVE = 'must not be a negative number'
const PERCENT = 'must be between 0 and 100, inclusive'
const MARK = 'must be between 0 and 31, inclusive'

const NUMBER_RULES: readonly NumberRule[] = [
  { field: 'eventBurst', flag: 'event-burst', isGood: atLeast(0), sentence: NEGATIVE },
  { field: 'eventRecordQPS', flag: 'event-qps', isGood: atLeast(0), sentence: NEGATIVE },
  {
    field: 'healthzPort',
    flag: 'healthz-port',
    isGood: between(0, 65535),
    sentence: 'must be between 1 and 65535, inclusive',
  },
  { field: 'imageGCHighThresholdPercent', flag: 'image-gc-high-threshold', isGood: between(0, 100), sentence: PERCENT },
  { field: 'imageGCLowThresholdPercent', flag: 'image-gc-low-threshold', isGood: between(0, 100), sentence: PERCENT },
  { field: 'iptablesDropBit', flag: 'iptables-drop-bit', isGood: between(0, 31), sentence: MARK },
  { field: 'iptablesMasqueradeBit', flag: 'iptables-masquerade-bit', isGood: between(0, 31), sentence: MARK },
  { field: 'kubeAPIBurst', flag: 'kube-api-burst', isGood: atLeast(0), sentence: NEGATIVE },
  { field: 'kubeAPIQPS', flag: 'kube-api-qps', isGood: atLeast(0), sentence: NEGATIVE },
  {
    field: 'nodeStatusMaxImages',
    flag: 'node-status-max-images',
    isGood: atLeast(-1),
    sentence: 'must be -1 or greater',
  },
  { field: 'maxOpenFiles', flag: 'max-open-files', isGood: atLeast(0), sentence: NEGATIVE },
  { field: 'maxPods', flag: 'max-pods', isGood: atLeast(0), sentence: NEGATIVE },
  {
    field: 'oomScoreAdj',
    flag: 'oom-score-adj',
    isGood: between(-1000, 1000),
    sentence: 'must be between -1000 and 1000, inclusive',
  },
  { field: 'podsPerCore', flag: 'pods-per-core', isGood: atLeast(0), sentence: NEGATIVE },
  { field: 'port', flag: 'port', isGood: between(1, 65535), sentence: 'must be between 1 and 65535, inclusive' },
  {
    field: 'readOnlyPort',
    flag: 'read-only-port',
    isGood: between(0, 65535),
    sentence: 'must be between 0 and 65535, inclusive',
  },
  { field: 'registryBurst', flag: 'registry-burst', isGood: atLeast(0), sentence: NEGATIVE },
  { field: 'registryPullQPS', flag: 'registry-qps', isGood: atLeast(0), sentence: NEGATIVE },
  { field: 'maxParallelImagePulls', isGood: atLeast(1), sentence: 'must be a positive number' },
]

interface ChoiceRule {
  field: string
  flag: string
  choices: readonly string[]
  sentence: (value: string, choices: string[]) => string
}

const oneOf = (value: string, choices: string[]): string => `${value} must be one of: [${choices.join(' ')}]`

const CHOICE_RULES: readonly ChoiceRule[] = [
  {
    field: 'topologyManagerPolicy',
    flag: 'topology-manager-policy',
    choices: ['none', 'best-effort', 'restricted', 'single-numa-node'],
    sentence: oneOf,
  },
  {
    field: 'topologyManagerScope',
    flag: 'topology-manager-scope',
    choices: ['container', 'pod'],
    sentence: (value, [first, second]) => `${value} must be one of: ${first}, or ${second}`,
  },
]

const HAIRPIN_MODES = ['none', 'hairpin-veth', 'promiscuous-bridge']

/** Without which the kubelet would look at something without a pause; upstream's tickers panic at them. */
const PERIODS = [
  ['fileCheckFrequency', 'file-check-frequency'],
  ['httpCheckFrequency', 'http-check-frequency'],
  ['syncFrequency', 'sync-frequency'],
] as const

/** Sentences; empty when all is well. */
export function validateConfiguration({ configuration, gates }: ResolvedConfiguration): string[] {
  const problems: string[] = []
  const check = (good: boolean, sentence: string): void => {
    if (!good) problems.push(`invalid configuration: ${sentence}`)
  }
  for (const { field, flag, isGood, sentence } of NUMBER_RULES) {
    const value = configuration[field]
    if (typeof value === 'number') check(isGood(value), `${named(field, flag)} ${value} ${sentence}`)
  }
  for (const { field, flag, choices, sentence } of CHOICE_RULES) {
    const value = String(configuration[field])
    const quoted = choices.map((choice) => JSON.stringify(choice))
    check(choices.includes(value), `${named(field, flag)} ${sentence(JSON.stringify(value), quoted)}`)
  }
  for (const [field, flag] of PERIODS)
    check(durationOf(configuration[field]) > 0, `${named(field, flag)} ${configuration[field]} must be greater than 0`)
  checkCFSQuotaPeriod(configuration, gates, check)
  checkImages(configuration, check)
  checkShutdown(configuration, check)
  checkBackOff(configuration, gates, check)
  checkAllocatable(configuration, check)
  checkLogs(configuration, check)
  checkNode(configuration, check)
  return problems
}

type Check = (good: boolean, sentence: string) => void
type Gates = ResolvedConfiguration['gates']

function named(field: string, flag: string | undefined): string {
  return flag === undefined ? field : `${field} (--${flag})`
}

function durationOf(value: unknown): number {
  return parseGoDuration(String(value ?? '0')) ?? 0
}

function checkCFSQuotaPeriod({ cpuCFSQuotaPeriod }: KubeletConfiguration, gates: Gates, check: Check): void {
  const period = durationOf(cpuCFSQuotaPeriod)
  const name = `cpuCFSQuotaPeriod (--cpu-cfs-quota-period) ${cpuCFSQuotaPeriod}`
  if (gates.CustomCPUCFSQuotaPeriod) check(between(1, 1000)(period), `${name} must be between 1ms and 1sec, inclusive`)
  else check(period === 100, `${name} requires feature gate CustomCPUCFSQuotaPeriod`)
}

function checkImages(configuration: KubeletConfiguration, check: Check): void {
  const { maxParallelImagePulls, serializeImagePulls } = configuration
  check(
    serializeImagePulls !== true || (maxParallelImagePulls ?? 1) < 2,
    'maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls (--serialize-image-pulls) is set to false',
  )
  const high = Number(configuration['imageGCHighThresholdPercent'])
  const low = Number(configuration['imageGCLowThresholdPercent'])
  check(
    low < high,
    `imageGCLowThresholdPercent (--image-gc-low-threshold) ${low} must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) ${high}`,
  )
  const { imageMinimumGCAge: least, imageMaximumGCAge: most } = configuration
  check(durationOf(least) >= 0, `imageMinimumGCAge ${String(least)} must not be negative`)
  check(durationOf(most) >= 0, `imageMaximumGCAge ${String(most)} must not be negative`)
  check(
    durationOf(most) <= 0 || durationOf(most) > durationOf(least),
    `imageMaximumGCAge ${String(most)} must be greater than imageMinimumGCAge ${String(least)}`,
  )
}

function checkShutdown(configuration: KubeletConfiguration, check: Check): void {
  const { shutdownGracePeriod: all, shutdownGracePeriodCriticalPods: critical } = configuration
  check(
    durationOf(critical) <= durationOf(all),
    `shutdownGracePeriodCriticalPods ${String(critical)} must be <= shutdownGracePeriod ${String(all)}`,
  )
  for (const [field, value] of Object.entries({ shutdownGracePeriod: all, shutdownGracePeriodCriticalPods: critical }))
    check(
      durationOf(value) === 0 || durationOf(value) >= 1000,
      `${field} ${String(value)} must be either zero or otherwise >= 1 sec`,
    )
}

function checkBackOff({ crashLoopBackOff }: KubeletConfiguration, gates: Gates, check: Check): void {
  const period = crashLoopBackOff?.maxContainerRestartPeriod
  if (!gates.KubeletCrashLoopBackOffMax) {
    check(
      period === undefined,
      'FeatureGate KubeletCrashLoopBackOffMax not enabled, CrashLoopBackOff.MaxContainerRestartPeriod must not be set',
    )
    return
  }
  const seconds = durationOf(period) / 1000
  check(
    between(1, 300)(seconds),
    `CrashLoopBackOff.MaxContainerRestartPeriod (got: ${seconds} seconds) must be set between 1s and 300s`,
  )
}

const ENFORCEMENTS = [
  'pods',
  'system-reserved',
  'system-reserved-compressible',
  'kube-reserved',
  'kube-reserved-compressible',
  'none',
]

function checkAllocatable(configuration: KubeletConfiguration, check: Check): void {
  const flag = 'enforceNodeAllocatable (--enforce-node-allocatable)'
  for (const value of configuration.enforceNodeAllocatable ?? []) {
    const name = JSON.stringify(value)
    const choices = ENFORCEMENTS.map((choice) => JSON.stringify(choice))
    const last = choices.pop() ?? ''
    check(
      ENFORCEMENTS.includes(value),
      `option ${name} specified for ${flag}. Valid options are ${choices.join(', ')} or ${last}`,
    )
    check(
      value === 'none' || !ENFORCEMENTS.includes(value) || configuration['cgroupsPerQOS'] !== false,
      `cgroupsPerQOS (--cgroups-per-qos) must be set to true when ${name} contained in ${flag}`,
    )
  }
  const hairpin = String(configuration['hairpinMode'])
  check(
    HAIRPIN_MODES.includes(hairpin),
    `option ${JSON.stringify(hairpin)} specified for hairpinMode (--hairpin-mode). Valid options are "none", "hairpin-veth" or "promiscuous-bridge"`,
  )
  for (const field of ['systemReserved', 'kubeReserved'] as const)
    for (const [resource, amount] of Object.entries(configuration[field] ?? {})) {
      const quantity = parseQuantity(amount)
      const good = quantity.ok && quantity.quantity.nanos >= 0n
      check(good, `${field}: resource quantity for ${JSON.stringify(resource)} cannot be ${JSON.stringify(amount)}`)
    }
}

function checkLogs(configuration: KubeletConfiguration, check: Check): void {
  const { containerLogMaxSize = '', containerLogMaxFiles = 0, podLogsDir = '' } = configuration
  check(
    Number(configuration['containerLogMaxWorkers']) >= 1,
    'containerLogMaxWorkers must be greater than or equal to 1',
  )
  check(
    durationOf(configuration.containerLogMonitorInterval) >= 3000,
    'containerLogMonitorInterval must be a positive time duration greater than or equal to 3s',
  )
  check(containerLogMaxFiles > 1, 'containerLogMaxFiles must be greater than 1')
  const size = parseQuantity(containerLogMaxSize)
  if (!size.ok)
    check(false, `failed to parse container log max size ${JSON.stringify(containerLogMaxSize)}: ${size.message}`)
  const path = `pod logs path ${JSON.stringify(podLogsDir)}`
  check(podLogsDir.startsWith('/'), `${path} must be absolute path`)
  check(!/\/\/|\/\.{1,2}(\/|$)|.\/$/.test(podLogsDir), `${path} must be normalized`)
  // The word is upstream's.
  check(/^\p{ASCII}*$/u.test(podLogsDir), `${path} mut contains ASCII characters only`)
}

function checkNode(configuration: KubeletConfiguration, check: Check): void {
  check(Number(configuration['nodeLeaseDurationSeconds']) > 0, 'nodeLeaseDurationSeconds must be greater than 0')
  check(
    configuration['runOnce'] !== true,
    'runOnce (--runOnce) true, Runonce mode has been deprecated and should not be set',
  )
  const factor = Number(configuration['memoryThrottlingFactor'])
  check(
    factor > 0 && factor <= 1,
    `memoryThrottlingFactor ${factor} must be greater than 0 and less than or equal to 1.0`,
  )
  const endpoint = configuration.containerRuntimeEndpoint ?? ''
  check(endpoint !== '', 'the containerRuntimeEndpoint was not specified or empty')
  check(
    endpoint === '' || /^(unix:\/\/)?\//.test(endpoint),
    `containerRuntimeEndpoint (--container-runtime-endpoint) ${JSON.stringify(endpoint)} must be a unix socket such as unix:///run/containerd/containerd.sock`,
  )
}
