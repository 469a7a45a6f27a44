import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DNSConfig } from '../cri.ts'
import { aContainerConfig, aPodSandboxConfig } from '../testing/configs.ts'
import { computeContainerMounts, computeResolvConf, SandboxFiles } from './sandbox-files.ts'

const ID = 'a'.repeat(64)
const OTHER_ID = 'b'.repeat(64)
const FOLDER = 'var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes'
const DNS: DNSConfig = { servers: ['10.96.0.10'], searches: ['svc', 'home'], options: ['ndots:5', 'edns0'] }
const NOTHING: DNSConfig = { servers: [], searches: [], options: [] }
const pod = (dnsConfig: DNSConfig): ReturnType<typeof aPodSandboxConfig> => ({ ...aPodSandboxConfig(), dnsConfig })

describe('computeResolvConf', () => {
  it.each([
    [DNS, 'search svc home\nnameserver 10.96.0.10\noptions ndots:5 edns0\n'],
    [{ ...NOTHING, servers: ['127.0.0.11', '1.1.1.1'] }, 'nameserver 127.0.0.11\nnameserver 1.1.1.1\n'],
    [NOTHING, ''],
  ])('given %j, then its lines are those of containerd', (dnsConfig, content) => {
    expect(computeResolvConf(pod(dnsConfig))).toBe(content)
  })

  it('given a word that would be a line of its own, then it is refused', () => {
    const hostile = { ...NOTHING, searches: ['a\nnameserver 192.0.2.1'] }
    expect(() => computeResolvConf(pod(hostile))).toThrow('is not one word')
  })
})

describe('computeContainerMounts', () => {
  const config = aContainerConfig()
  const sandbox = { id: ID, hasResolvConf: true }

  it('given a sandbox with the file, then its containers mount it, read-only with a read-only root', () => {
    const expected = { hostPath: `/${FOLDER}/${ID}/resolv.conf`, containerPath: '/etc/resolv.conf', readonly: false }
    expect(computeContainerMounts(sandbox, config)).toMatchObject([expected])
    const securityContext = { ...config.linux.securityContext, readonlyRootfs: true }
    const readonly = { ...config, linux: { ...config.linux, securityContext } }
    expect(computeContainerMounts(sandbox, readonly)).toMatchObject([{ ...expected, readonly: true }])
  })

  it('given a sandbox without, or a mount of the pod’s own at that place, then there is nothing to add', () => {
    expect(computeContainerMounts({ id: ID, hasResolvConf: false }, config)).toEqual([])
    const [own] = computeContainerMounts(sandbox, config)
    const mounts = own === undefined ? [] : [{ ...own, containerPath: '/etc/./resolv.conf', hostPath: '/data/mine' }]
    expect(computeContainerMounts(sandbox, { ...config, mounts })).toEqual(mounts)
  })
})

describe('SandboxFiles', () => {
  let folder: string
  let root: string
  let files: SandboxFiles

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-files-'))
    root = join(folder, 'root')
    await mkdir(root)
    files = new SandboxFiles(root)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('given a volume without anything, when a sandbox’s file is written twice, then it is there for every user to read', async () => {
    await files.write(ID, pod({ ...DNS, options: [] }))
    await files.write(ID, pod(DNS))
    const path = join(root, FOLDER, ID, 'resolv.conf')
    expect(await readFile(path, 'utf8')).toBe(computeResolvConf(pod(DNS)))
    expect((await stat(path)).mode & 0o777).toBe(0o644)
  })

  it('given files of two sandboxes, when one is removed, then the other is left', async () => {
    await files.write(ID, pod(DNS))
    await files.write(OTHER_ID, pod(DNS))
    expect((await files.listIds()).toSorted()).toEqual([ID, OTHER_ID])
    await files.remove(ID)
    expect(await files.listIds()).toEqual([OTHER_ID])
    await files.remove(ID)
  })

  it('given what root of the node has put there, when a sandbox is removed, then it stays', async () => {
    await files.write(ID, pod(DNS))
    await writeFile(join(root, FOLDER, ID, 'notes'), '')
    await mkdir(join(root, FOLDER, 'mine'))
    await files.remove(ID)
    expect(await readdir(join(root, FOLDER, ID))).toEqual(['notes'])
    expect(await files.listIds()).toEqual([ID])
  })

  it.each([
    ['the file', `${FOLDER}/${ID}`, 'resolv.conf'],
    ['its folder', FOLDER, ID],
  ])(
    'given a link in place of %s, when it is written or removed, then nothing is followed',
    async (_what, parent, name) => {
      const outside = join(folder, 'outside')
      await mkdir(outside)
      await writeFile(join(outside, 'resolv.conf'), 'precious')
      await mkdir(join(root, parent), { recursive: true })
      await symlink(name === ID ? outside : join(outside, 'resolv.conf'), join(root, parent, name))
      await expect(files.write(ID, pod(DNS))).rejects.toMatchObject({ code: 'Unknown' })
      await files.remove(ID)
      expect(await readFile(join(outside, 'resolv.conf'), 'utf8')).toBe('precious')
    },
  )

  it('given a node that never had a sandbox, then there are none', async () => {
    expect(await files.listIds()).toEqual([])
    await files.remove(ID)
  })
})
