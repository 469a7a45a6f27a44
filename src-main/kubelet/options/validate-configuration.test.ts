import { describe, expect, it } from 'vitest'
import { exitOfFile, load, loadFile } from './testing/load.ts'

describe('given a configuration with a bad value', () => {
  it.each([
    ['maxPods: -1', 'maxPods (--max-pods) -1 must not be a negative number'],
    ['port: 70000', 'port (--port) 70000 must be between 1 and 65535, inclusive'],
    ['readOnlyPort: -1', 'readOnlyPort (--read-only-port) -1 must be between 0 and 65535, inclusive'],
    ['oomScoreAdj: 2000', 'oomScoreAdj (--oom-score-adj) 2000 must be between -1000 and 1000, inclusive'],
    ['maxParallelImagePulls: 0', 'maxParallelImagePulls 0 must be a positive number'],
    [
      'maxParallelImagePulls: 2\nserializeImagePulls: true',
      'maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls (--serialize-image-pulls) is set to false',
    ],
    [
      'imageGCLowThresholdPercent: 90',
      'imageGCLowThresholdPercent (--image-gc-low-threshold) 90 must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) 85',
    ],
    ['imageMaximumGCAge: 1m', 'imageMaximumGCAge 1m must be greater than imageMinimumGCAge 2m0s'],
    [
      'cpuCFSQuotaPeriod: 50ms',
      'cpuCFSQuotaPeriod (--cpu-cfs-quota-period) 50ms requires feature gate CustomCPUCFSQuotaPeriod',
    ],
    [
      'cpuCFSQuotaPeriod: 2s\nfeatureGates: {CustomCPUCFSQuotaPeriod: true}',
      'cpuCFSQuotaPeriod (--cpu-cfs-quota-period) 2s must be between 1ms and 1sec, inclusive',
    ],
    ['shutdownGracePeriod: 100ms', 'shutdownGracePeriod 100ms must be either zero or otherwise >= 1 sec'],
    ['shutdownGracePeriodCriticalPods: 5s', 'shutdownGracePeriodCriticalPods 5s must be <= shutdownGracePeriod 0s'],
    [
      'crashLoopBackOff: {maxContainerRestartPeriod: 10m}',
      'CrashLoopBackOff.MaxContainerRestartPeriod (got: 600 seconds) must be set between 1s and 300s',
    ],
    [
      'topologyManagerScope: rack',
      'topologyManagerScope (--topology-manager-scope) "rack" must be one of: "container", or "pod"',
    ],
    [
      'hairpinMode: comb',
      'option "comb" specified for hairpinMode (--hairpin-mode). Valid options are "none", "hairpin-veth" or "promiscuous-bridge"',
    ],
    [
      'enforceNodeAllocatable: [all]',
      'option "all" specified for enforceNodeAllocatable (--enforce-node-allocatable). Valid options are "pods", "system-reserved", "system-reserved-compressible", "kube-reserved", "kube-reserved-compressible" or "none"',
    ],
    ['systemReserved: {memory: -1Gi}', 'systemReserved: resource quantity for "memory" cannot be "-1Gi"'],
    ['containerLogMaxFiles: 1', 'containerLogMaxFiles must be greater than 1'],
    ['containerLogMaxWorkers: 0', 'containerLogMaxWorkers must be greater than or equal to 1'],
    [
      'containerLogMonitorInterval: 1s',
      'containerLogMonitorInterval must be a positive time duration greater than or equal to 3s',
    ],
    ['containerLogMaxSize: big', 'failed to parse container log max size "big": quantities must match'],
    ['podLogsDir: var/log', 'pod logs path "var/log" must be absolute path'],
    ['podLogsDir: /var/log/../x', 'pod logs path "/var/log/../x" must be normalized'],
    ['nodeLeaseDurationSeconds: -1', 'nodeLeaseDurationSeconds must be greater than 0'],
    ['runOnce: true', 'runOnce (--runOnce) true, Runonce mode has been deprecated and should not be set'],
    ['httpCheckFrequency: -5s', 'httpCheckFrequency (--http-check-frequency) -5s must be greater than 0'],
  ])('when it says %j, then the kubelet ends and says which and why', (lines, sentence) => {
    const message = exitOfFile(`${lines}\n`)
    expect(message).toContain(`failed to validate kubelet configuration, error: invalid configuration: ${sentence}`)
    expect(message).toMatch(/, path: \/c\.yaml$/)
  })

  it('when several values are bad, then all are told', () => {
    const message = exitOfFile('maxPods: -1\npodsPerCore: -2\n')
    expect(message).toContain('error: [invalid configuration: maxPods')
    expect(message).toContain('-1 must not be a negative number, invalid configuration: podsPerCore')
  })
})

describe('given values that upstream takes for others', () => {
  it('when a number of the file is zero, then its default holds; zero by a flag is zero', () => {
    expect(loadFile('maxPods: 0\n').configuration.maxPods).toBe(110)
    expect(load(['--max-pods=0']).configuration.maxPods).toBe(0)
  })

  it('when a limit of processes is below zero, then there is none', () => {
    expect(loadFile('podPidsLimit: -5\n').podPidsLimit).toBeNull()
    expect(loadFile('podPidsLimit: 100\n').podPidsLimit).toBe(100)
  })

  it('when only the parallel pulls are set, then pulls are no longer one after another', () => {
    expect(loadFile('maxParallelImagePulls: 4\n').imagePulls).toEqual({ atOnce: 4, perSecond: 5, burst: 10 })
    expect(loadFile('serializeImagePulls: false\nregistryPullQPS: 0\n').imagePulls).toMatchObject({
      atOnce: null,
      perSecond: 0,
    })
  })

  it('when thresholds of eviction are set, then they replace all defaults, or are merged with them when asked for', () => {
    const lines = 'evictionHard: {memory.available: 1Gi}\n'
    expect(loadFile(lines).configuration.evictionHard).toEqual({ 'memory.available': '1Gi' })
    expect(loadFile(`${lines}mergeDefaultEvictionSettings: true\n`).configuration.evictionHard).toMatchObject({
      'memory.available': '1Gi',
      'nodefs.available': '10%',
    })
  })

  it('when a flag sets a map, then it replaces that of the file', () => {
    const text = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nsystemReserved: {cpu: 1}\n'
    expect(
      load(['--config=/c.yaml', '--system-reserved=memory=1Gi'], text.replace('cpu: 1', 'cpu: "1"')),
    ).toMatchObject({
      configuration: { systemReserved: { memory: '1Gi' } },
    })
  })

  it('when CPU limits are not to be enforced, then there is no period', () => {
    expect(loadFile('cpuCFSQuota: false\n').cpuQuotaPeriodMs).toBeNull()
    expect(loadFile('cpuCFSQuotaPeriod: 10ms\nfeatureGates: {CustomCPUCFSQuotaPeriod: true}\n').cpuQuotaPeriodMs).toBe(
      10,
    )
  })
})
