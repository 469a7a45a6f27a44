/** From the options of the program to the settings that the kubelet's parts are made from. */
import type { KubeletSettings } from './kubelet-dependencies.ts'
import type { KubeletOptions } from './options/kubelet-options.ts'

export function kubeletSettings(options: KubeletOptions): KubeletSettings {
  const { cpuQuotaPeriodMs, podPidsLimit: pidsLimit, seccompDefault, featureGates } = options
  return {
    staticPodPath: options.staticPodPath,
    fileCheckFrequencyMs: options.fileCheckFrequencyMs,
    staticPodURL: options.staticPodURL,
    staticPodURLHeader: options.staticPodURLHeader,
    httpCheckFrequencyMs: options.httpCheckFrequencyMs,
    allowances: {
      apiReferences: !featureGates.PreventStaticPodAPIReferences,
      containerRestartRules: featureGates.ContainerRestartRules,
    },
    syncFrequencyMs: options.syncFrequencyMs,
    initialContainerRestartPeriodMs: options.initialContainerRestartPeriodMs,
    maxContainerRestartPeriodMs: options.maxContainerRestartPeriodMs,
    imagePulls: options.imagePulls,
    namesImageAccess: featureGates.KubeletEnsureSecretPulledImages,
    containers: { cpuQuotaPeriodMs, pidsLimit, seccompDefault },
    containerLogMaxBytes: options.containerLogMaxBytes,
    containerLogMaxFiles: options.containerLogMaxFiles,
    containerLogMonitorIntervalMs: options.containerLogMonitorIntervalMs,
    localStorageCapacityIsolation: options.configuration['localStorageCapacityIsolation'] !== false,
  }
}
