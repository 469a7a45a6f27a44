import { describe, expect, it } from 'vitest'
import type { Pod } from '../../common/api/core.ts'
import { aContainer, aPod } from '../testing/pod-builders.ts'
import { computeStorageExcess, hasStorageLimit } from './compute-storage-excess.ts'

const MIB = 2 ** 20

/** A volume of at most 1 MiB, and two containers that may write 1 MiB and 2 MiB. */
function aLimitedPod(spec: Partial<Pod['spec']> = {}): Pod {
  const limited = (name: string, limit: string): Pod['spec']['containers'][number] =>
    aContainer(name, { resources: { limits: { 'ephemeral-storage': limit } } })
  return aPod({
    containers: [limited('one', '1Mi'), limited('two', '2Mi')],
    volumes: [{ name: 'cache', emptyDir: { sizeLimit: '1024Ki' } }],
    ...spec,
  })
}

function excess(pod: Pod, emptyDirs: Record<string, number>, containers: Record<string, number>): string | undefined {
  return computeStorageExcess(pod, {
    emptyDirs: new Map(Object.entries(emptyDirs)),
    containers: new Map(Object.entries(containers)),
  })
}

describe('use of local storage', () => {
  it('given every limit is just reached, then nothing is said', () => {
    expect(excess(aLimitedPod(), { cache: MIB }, { one: MIB, two: MIB })).toBeUndefined()
  })

  it('given a volume that grew too large, then it is named with its limit', () => {
    expect(excess(aLimitedPod(), { cache: MIB + 1 }, {})).toBe(
      'Usage of EmptyDir volume "cache" exceeds the limit "1Mi". ',
    )
  })

  it('given volumes, layers and logs that are too much together, then the sum of the limits is named', () => {
    expect(excess(aLimitedPod(), { cache: MIB }, { one: MIB, two: MIB + 1 })).toBe(
      'Pod ephemeral local storage usage exceeds the total limit of containers 3Mi. ',
    )
  })

  it('given one container that wrote too much, then it is named', () => {
    expect(excess(aLimitedPod(), {}, { one: MIB + 1, two: 0 })).toBe(
      'Container one exceeded its local ephemeral storage limit "1Mi". ',
    )
  })

  it('given a volume in memory or a limit of zero, then there is nothing to look after', () => {
    const containers = [aContainer('one')]
    const volumes = [
      { name: 'm', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      { name: 'z', emptyDir: { sizeLimit: '0' } },
    ]
    expect(hasStorageLimit(aPod({ containers, volumes }))).toBe(false)
    expect(hasStorageLimit(aLimitedPod({ containers }))).toBe(true)
    expect(hasStorageLimit(aLimitedPod({ volumes: [] }))).toBe(true)
  })
})
