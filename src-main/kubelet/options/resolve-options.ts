/** The settings that the kubelet's parts are made from, out of a configuration that has been checked. */
import { CONFIGURATION_FIELDS } from './configuration-fields.ts'
import { parseGoDuration } from '../../common/api/duration.ts'
import { formatGoDuration } from './go-duration.ts'
import { isMap, type KubeletConfiguration } from './kubelet-configuration.ts'
import type { KubeletOptions, Taint } from './kubelet-options.ts'
import { stringFlag, type ParsedFlags } from './parse-flags.ts'
import type { ResolvedConfiguration } from './resolve-configuration.ts'
import { parseQuantityBytes } from './setting-values.ts'

/** The longest waits between restarts without `crashLoopBackOff` (facts 2.2.4). */
const MAX_RESTART_PERIOD_MS = 300_000
const REDUCED_MAX_RESTART_PERIOD_MS = 60_000
const INITIAL_RESTART_PERIOD_MS = 10_000
const REDUCED_INITIAL_RESTART_PERIOD_MS = 1000

export function resolveOptions(
  { configuration, gates, configPath }: ResolvedConfiguration,
  flags: ParsedFlags,
  hostname: string,
): Omit<KubeletOptions, 'arguments' | 'warnings'> {
  const staticPodPath = configuration.staticPodPath || null
  const staticPodURL = configuration.staticPodURL || null
  const labels = flags.values.get('node-labels')
  const taints = configuration['registerWithTaints']
  return {
    nodeName: (stringFlag(flags, 'hostname-override') ?? hostname).trim().toLowerCase(),
    configPath,
    kubeconfigPath: stringFlag(flags, 'kubeconfig'),
    bootstrapKubeconfigPath: stringFlag(flags, 'bootstrap-kubeconfig'),
    nodeIP: stringFlag(flags, 'node-ip'),
    nodeLabels: isMap(labels) ? (labels as Record<string, string>) : {},
    registerWithTaints: Array.isArray(taints) ? (taints as Taint[]) : [],
    rootDirectory: stringFlag(flags, 'root-dir') ?? '/var/lib/kubelet',
    certDirectory: stringFlag(flags, 'cert-dir') ?? '/var/lib/kubelet/pki',
    podLogsDirectory: configuration.podLogsDir ?? '',
    staticPodPath,
    staticPodPathSource: staticPodPath === null ? 'none' : stringFlag(flags, 'pod-manifest-path') ? 'flag' : 'config',
    fileCheckFrequencyMs: milliseconds(configuration.fileCheckFrequency),
    staticPodURL,
    staticPodURLHeader: configuration.staticPodURLHeader ?? {},
    httpCheckFrequencyMs: milliseconds(configuration.httpCheckFrequency),
    syncFrequencyMs: milliseconds(configuration.syncFrequency),
    containerRuntimeEndpoint: configuration.containerRuntimeEndpoint ?? '',
    clusterDNS: configuration.clusterDNS ?? [],
    clusterDomain: configuration.clusterDomain ?? '',
    resolvConfPath: configuration.resolvConf ?? '',
    podPidsLimit: (configuration.podPidsLimit ?? -1) < 0 ? null : (configuration.podPidsLimit ?? null),
    cpuQuotaPeriodMs: configuration.cpuCFSQuota === false ? null : milliseconds(configuration.cpuCFSQuotaPeriod),
    seccompDefault: configuration.seccompDefault === true,
    containerLogMaxBytes: parseQuantityBytes(configuration.containerLogMaxSize ?? '') ?? 0,
    containerLogMaxFiles: configuration.containerLogMaxFiles ?? 0,
    containerLogMonitorIntervalMs: milliseconds(configuration.containerLogMonitorInterval),
    ...restartPeriods(configuration, gates),
    imagePulls: {
      atOnce: configuration.serializeImagePulls === false ? (configuration.maxParallelImagePulls ?? null) : 1,
      perSecond: configuration.registryPullQPS ?? 0,
      burst: configuration.registryBurst ?? 0,
    },
    featureGates: gates,
    configuration: canonicalDurations(configuration),
  }
}

/** Facts 2.2.4: what is asked for is also the first wait, where it is shorter. */
function restartPeriods(
  { crashLoopBackOff }: KubeletConfiguration,
  gates: ResolvedConfiguration['gates'],
): Pick<KubeletOptions, 'initialContainerRestartPeriodMs' | 'maxContainerRestartPeriodMs'> {
  const isReduced = gates.ReduceDefaultCrashLoopBackOffDecay
  const usual = isReduced ? REDUCED_MAX_RESTART_PERIOD_MS : MAX_RESTART_PERIOD_MS
  const asked = milliseconds(crashLoopBackOff?.maxContainerRestartPeriod)
  // The default that the gate writes into the configuration stands for nothing that was asked for.
  const longest = gates.KubeletCrashLoopBackOffMax && asked > 0 && asked < usual ? asked : usual
  const first = isReduced ? REDUCED_INITIAL_RESTART_PERIOD_MS : INITIAL_RESTART_PERIOD_MS
  return { initialContainerRestartPeriodMs: Math.min(first, longest), maxContainerRestartPeriodMs: longest }
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
