import { describe, expect, it } from 'vitest'
import { faultsOfSpec, LABEL } from './testing/pod-faults.ts'

const ofVolume = (volume: object) => faultsOfSpec({ volumes: [{ name: 'v', ...volume }] })

describe('volumes', () => {
  it.each<[object, string]>([
    [{ name: 'A' }, `spec.volumes[0].name: Invalid value: "A": ${LABEL}`],
    [{ name: '' }, 'spec.volumes[0].name: Required value'],
    [
      { emptyDir: {}, hostPath: { path: '/' } },
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [{ hostPath: { path: '' } }, 'spec.volumes[0].hostPath.path: Required value'],
    [
      { hostPath: { path: '/a/../b' } },
      'spec.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
    ],
    [
      { hostPath: { path: '/a', type: 'Dir' } },
      'spec.volumes[0].hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice"',
    ],
    [
      { emptyDir: { sizeLimit: '-1' } },
      'spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity',
    ],
    [{ downwardAPI: { items: [{ path: '' }] } }, 'spec.volumes[0].downwardAPI.path: Required value'],
    [
      { downwardAPI: { items: [{ path: 'a', mode: 512 }] } },
      'must be a number between 0 and 0777 (octal), both inclusive',
    ],
    [
      { downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'status.podIP' } }] } },
      'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP"',
    ],
    [
      { projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
      'must not be specified when serviceAccountName is not set',
    ],
  ])('given %j, then %s', (volume, message) => {
    expect(ofVolume(volume).join('\n')).toContain(message)
  })

  it('given the same name twice, then the second is a duplicate', () => {
    expect(faultsOfSpec({ volumes: [{ name: 'v' }, { name: 'v' }] })).toEqual([
      'spec.volumes[1].name: Duplicate value: "v"',
    ])
  })
})
