import { describe, expect, it } from 'vitest'
import { encodeMemoryVolumes, MEMORY_VOLUMES_ANNOTATION } from '../memory-volumes.ts'
import type { MemoryVolume } from '../memory-volumes.ts'
import { aPodSandboxConfig, aServiceOptions } from '../testing/configs.ts'
import { computeHeldVolumes, computeHoldingMounts } from './compute-memory-volumes.ts'

const options = aServiceOptions()
const PATH = '/var/lib/kubelet/pods/u/volumes/kubernetes.io~empty-dir/cache'
const withText = (text: string) => ({ ...aPodSandboxConfig(), annotations: { [MEMORY_VOLUMES_ANNOTATION]: text } })
const asking = (...volumes: MemoryVolume[]) => withText(encodeMemoryVolumes(volumes))
const optionsOf = (volume: MemoryVolume) =>
  computeHoldingMounts(options, asking(volume))[0]?.VolumeOptions.DriverConfig?.Options.o

describe('computeHoldingMounts', () => {
  it('given a pod without volumes in memory, then there is nothing to hold', () => {
    expect(computeHoldingMounts(options, aPodSandboxConfig())).toEqual([])
  })

  it.each<[string, MemoryVolume, string]>([
    ['nothing else', { path: PATH }, 'mode=1777,nosuid,nodev'],
    ['a size', { path: PATH, sizeBytes: 1024 }, 'size=1024,mode=1777,nosuid,nodev'],
    ['a group', { path: PATH, groupId: 2000 }, 'gid=2000,mode=3777,nosuid,nodev'],
  ])('given a volume with %s, then the tmpfs is made with it', (_name, volume, words) => {
    expect(optionsOf(volume)).toBe(words)
  })

  it('given two volumes, then each has a place and a name of its own that no attempt changes', () => {
    const config = asking({ path: PATH }, { path: `${PATH}2` })
    const mounts = computeHoldingMounts(options, config)
    expect(mounts.map(({ Target: target }) => target)).toEqual(['/memory/0', '/memory/1'])
    const names = mounts.map(({ Source: source }) => source)
    expect(new Set(names).size).toBe(2)
    for (const name of names)
      expect(name).toMatch(/^node-lab\.t\.node01\.memory_0123456789abcdef0123456789abcdef_[0-9a-f]{12}$/)
    const next = { ...config, metadata: { ...config.metadata, attempt: 1 } }
    expect(computeHeldVolumes(options, next).map(({ volume }) => volume)).toEqual(names)
  })

  it.each([
    ['{', 'is not JSON'],
    ['{}', 'is not a list of volumes'],
    ['[{"path":1}]', 'is not a list of volumes'],
    ['[{"path":"/data","sizeBytes":"1,exec"}]', 'is not a list of volumes'],
    ['[{"path":"/data","sizeBytes":-1}]', 'is not a list of volumes'],
    ['[{"path":"/data","groupId":1.5}]', 'is not a list of volumes'],
    [JSON.stringify(Array.from({ length: 33 }, () => ({ path: '/data' }))), 'names more than 32'],
    ['[{"path":"/etc/shadow"}]', 'cannot be given to a pod'],
    ['[{"path":"/data/../x"}]', '".."'],
  ])('given %s, then it is refused', (text, reason) => {
    expect(() => computeHoldingMounts(options, withText(text))).toThrow(reason)
  })
})
