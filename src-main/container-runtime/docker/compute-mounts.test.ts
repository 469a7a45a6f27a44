import { describe, expect, it } from 'vitest'
import type { Mount } from '../cri.ts'
import { computeMounts, computeVolumeSubpath } from './compute-mounts.ts'

const mount = (overrides: Partial<Mount> = {}): Mount => ({
  containerPath: '/data',
  hostPath: '/data/db',
  readonly: false,
  selinuxRelabel: false,
  propagation: 'PROPAGATION_PRIVATE',
  ...overrides,
})

describe('computeVolumeSubpath', () => {
  it.each([
    ['/var/lib/kubelet/pods/u/etc-hosts', 'var/lib/kubelet/pods/u/etc-hosts'],
    ['/data', 'data'],
    ['/data//db/', 'data/db'],
    ['/tmp/./x', 'tmp/x'],
    ['/etc/kubernetes/pki', 'etc/kubernetes/pki'],
    ['/var/lib/..data/x', 'var/lib/..data/x'],
  ])('given %s, then it is %s in the volume', (path, subpath) => {
    expect(computeVolumeSubpath(path)).toBe(subpath)
  })

  it.each([
    ['', 'absolute'],
    ['data', 'absolute'],
    ['/data/\0', 'absolute'],
    ['/data/../etc', '".."'],
    ['/data/..', '".."'],
    ['/', 'pods can use /etc/kubernetes, /etc/systemd/system, /var/lib'],
    ['/etc', 'pods can use'],
    ['/database', 'pods can use'],
    ['/run/docker.sock', 'pods can use'],
    ['/etc/kubernetes/manifests', 'belongs to the kubelet'],
    ['/etc/kubernetes//manifests/x.yaml', 'belongs to the kubelet'],
  ])('given %j, then it is refused with a reason', (path, reason) => {
    expect(() => computeVolumeSubpath(path)).toThrow(reason)
  })
})

describe('computeMounts', () => {
  it('given a mount, then it is a sub-path of the node’s volume and nothing else', () => {
    expect(computeMounts('vol', [mount({ readonly: true })])).toEqual([
      {
        Type: 'volume',
        Source: 'vol',
        Target: '/data',
        ReadOnly: true,
        VolumeOptions: { NoCopy: true, Subpath: 'data/db' },
      },
    ])
  })

  it.each([
    [mount({ containerPath: '/' }), 'other than /'],
    [mount({ containerPath: 'data' }), 'absolute'],
    [mount({ propagation: 'PROPAGATION_BIDIRECTIONAL' }), 'mount propagation'],
  ])('given %o, then it is refused', (bad, reason) => {
    expect(() => computeMounts('vol', [bad])).toThrow(reason)
  })

  it('given one mount path twice, then it is refused', () => {
    expect(() => computeMounts('vol', [mount(), mount({ containerPath: '/data/' })])).toThrow('used twice')
  })
})
