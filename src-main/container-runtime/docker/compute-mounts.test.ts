import { describe, expect, it } from 'vitest'
import type { Mount } from '../cri.ts'
import { computeMounts, computeVolumeSubpath, findHeldVolume } from './compute-mounts.ts'

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
    ['/', 'pods can use /etc/kubernetes, /etc/default, /etc/systemd/system, /var/lib'],
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

describe('findHeldVolume', () => {
  const held = [
    { path: '/data/fast', volume: 'm0' },
    { path: '/data/fast2/', volume: 'm1' },
  ]

  it.each([
    ['/data/fast', { index: 0, subpath: '' }],
    ['/data/fast/a/b', { index: 0, subpath: 'a/b' }],
    ['/data//fast2/a', { index: 1, subpath: 'a' }],
    ['/data/fast3', undefined],
    ['/data', undefined],
  ])('given a mount of %s, then it is %j', (path, place) => {
    expect(findHeldVolume(held, path)).toEqual(place)
  })

  it('given mounts of memory and of disk, then each has its own source', () => {
    const mounts = [mount({ hostPath: '/data/fast/a' }), mount({ hostPath: '/data/slow', containerPath: '/slow' })]
    expect(computeMounts('v', mounts, held)).toMatchObject([
      { Source: 'm0', VolumeOptions: { Subpath: 'a' } },
      { Source: 'v', VolumeOptions: { Subpath: 'data/slow' } },
    ])
    expect(computeMounts('v', [mount({ hostPath: '/data/fast' })], held)[0]?.VolumeOptions).toEqual({ NoCopy: true })
  })
})
