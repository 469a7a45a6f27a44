import { describe, expect, it } from 'vitest'
import type { ResourceRequirements } from '../../common/api/core.ts'
import { aContainer, aPod } from '../testing/pod-builders.ts'
import { containerResources } from './container-resources.ts'
import type { ContainerSettings } from './container-settings.ts'
import { computeOOMScore } from './oom-score.ts'

const NODE_MEMORY = 4 * 2 ** 30
const settings: ContainerSettings = { cpuQuotaPeriodMs: 100, pidsLimit: null, seccompDefault: false }
const withResources = (resources: ResourceRequirements) => aPod({ containers: [aContainer('one', { resources })] })

function scoreOf(resources: ResourceRequirements, spec: { priorityClassName?: string } = {}): number {
  const pod = withResources(resources)
  Object.assign(pod.spec, spec)
  return computeOOMScore(pod, pod.spec.containers[0] ?? aContainer('none'), NODE_MEMORY)
}

describe('computeOOMScore', () => {
  it.each([
    ['nothing asked for', {}, 1000],
    ['all limits', { limits: { cpu: '1', memory: '1Gi' } }, -997],
    ['a quarter of the memory', { requests: { memory: '1Gi' } }, 750],
    ['only cpu', { requests: { cpu: '1' } }, 999],
    ['more memory than there is', { requests: { memory: '8Gi' } }, 3],
  ])('given %s, then the score is %#', (_what, resources, score) => {
    expect(scoreOf(resources)).toBe(score)
  })

  it('given a pod that is critical for its node, then it goes last whatever it asks for', () => {
    expect(scoreOf({}, { priorityClassName: 'system-node-critical' })).toBe(-997)
    expect(scoreOf({}, { priorityClassName: 'system-cluster-critical' })).toBe(1000)
  })

  it('given a sidecar that asks for less than the app, then it goes no sooner than the app', () => {
    const side = aContainer('side', { restartPolicy: 'Always', resources: { requests: { memory: '64Mi' } } })
    const pod = aPod({
      initContainers: [side],
      containers: [aContainer('one', { resources: { requests: { memory: '1Gi' } } })],
    })
    expect(computeOOMScore(pod, side, NODE_MEMORY)).toBe(750)
  })
})

describe('containerResources', () => {
  it('given requests and limits, then shares, quota and bytes follow from them', () => {
    const pod = withResources({ requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1500m', memory: '64Mi' } })
    expect(containerResources(pod, pod.spec.containers[0] ?? aContainer('none'), NODE_MEMORY, settings)).toEqual({
      cpuPeriod: 100_000n,
      cpuQuota: 150_000n,
      cpuShares: 256n,
      memoryLimitInBytes: 64n * 1024n * 1024n,
      oomScoreAdj: 993n,
    })
  })

  it('given a limit of cpu only, then the shares follow from it; given very little, then they have a floor', () => {
    const limited = withResources({ limits: { cpu: '500m' } })
    const tiny = withResources({ requests: { cpu: '1m' }, limits: { cpu: '1m' } })
    const shares = [limited, tiny].map((pod) => {
      const { cpuShares, cpuQuota } = containerResources(
        pod,
        pod.spec.containers[0] ?? aContainer('none'),
        NODE_MEMORY,
        settings,
      )
      return [cpuShares, cpuQuota]
    })
    expect(shares).toEqual([
      [512n, 50_000n],
      [2n, 1000n],
    ])
  })
})
