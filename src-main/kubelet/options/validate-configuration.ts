/** What a kubelet refuses to start with (pkg/kubelet/apis/config/validation), for the settings that are used here. */
import { parseGoDuration } from './go-duration.ts'
import type { KubeletConfiguration } from './kubelet-configuration.ts'
import { parseQuantityBytes } from './setting-values.ts'

/** Upstream's sentences; empty when all is well. */
export function validateConfiguration(configuration: KubeletConfiguration): string[] {
  const problems: string[] = []
  const check = (good: boolean, sentence: string): void => {
    if (!good) problems.push(`invalid configuration: ${sentence}`)
  }
  const { maxPods, containerLogMaxFiles, containerLogMaxSize, maxParallelImagePulls, serializeImagePulls } =
    configuration
  check((maxPods ?? 0) >= 0, `maxPods (--max-pods) ${maxPods} must not be a negative number`)
  check(
    (containerLogMaxFiles ?? 2) > 1,
    `containerLogMaxFiles (--container-log-max-files) ${containerLogMaxFiles} must be greater than 1`,
  )
  check(
    parseQuantityBytes(containerLogMaxSize ?? '') !== undefined,
    `containerLogMaxSize ${JSON.stringify(containerLogMaxSize)} is not a quantity`,
  )
  check((maxParallelImagePulls ?? 1) >= 1, `maxParallelImagePulls ${maxParallelImagePulls} must be a positive number`)
  check(
    serializeImagePulls !== true || (maxParallelImagePulls ?? 1) < 2,
    'maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls (--serialize-image-pulls) is set to false',
  )
  checkBackOff(configuration, check)
  check(
    typeof configuration['staticPodURL'] !== 'string' || configuration['staticPodURL'] === '',
    'staticPodURL (--manifest-url) is not supported by this kubelet yet: use staticPodPath (--pod-manifest-path)',
  )
  const endpoint = configuration.containerRuntimeEndpoint ?? ''
  check(
    endpoint.startsWith('unix:///') || endpoint.startsWith('/'),
    `containerRuntimeEndpoint (--container-runtime-endpoint) ${JSON.stringify(endpoint)} must be a unix socket such as unix:///run/containerd/containerd.sock`,
  )
  return problems
}

function checkBackOff(configuration: KubeletConfiguration, check: (good: boolean, sentence: string) => void): void {
  const period = configuration.crashLoopBackOff?.maxContainerRestartPeriod
  const seconds = (parseGoDuration(period ?? '1s') ?? 0) / 1000
  check(
    seconds >= 1 && seconds <= 300,
    `CrashLoopBackOff.MaxContainerRestartPeriod (got: ${seconds} seconds) must be set between 1s and 300s`,
  )
}
