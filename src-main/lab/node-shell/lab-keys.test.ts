import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NODE_VOLUME_PATHS } from '../../common/node-layout.ts'
import { ensureLabKeys, formatDropbearKey, formatPublicKey } from './lab-keys.ts'
import { computeNodeShellFiles } from './node-shell-files.ts'

const SPEC = {
  name: 'lab',
  nodes: [
    { name: 'node01', role: 'worker' as const, address: '172.30.0.11', apiServerPort: 6443 },
    { name: 'controlplane', role: 'control-plane' as const, address: '172.30.0.12', apiServerPort: 6444 },
  ],
}
let folder = ''

beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'keys-')), 'ssh')
})
afterEach(() => rmSync(path.dirname(folder), { recursive: true }))

describe('given a lab without keys', () => {
  it('when they are asked for, then they are made once, for the user alone', async () => {
    const made = await ensureLabKeys(folder)
    const again = await ensureLabKeys(folder)
    expect(formatPublicKey(again.client)).toBe(formatPublicKey(made.client))
    expect(formatPublicKey(made.client)).not.toBe(formatPublicKey(made.host))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(folder, 'client.pem')).mode & 0o777).toBe(0o600)
  })

  it('when one was emptied, then another one takes its place', async () => {
    const { host } = await ensureLabKeys(folder)
    writeFileSync(path.join(folder, 'host.pem'), '')
    expect(formatPublicKey((await ensureLabKeys(folder)).host)).not.toBe(formatPublicKey(host))
  })

  it('when Dropbear’s form is made, then it is type, seed and public key', async () => {
    const { host } = await ensureLabKeys(folder)
    const blob = formatDropbearKey(host)
    expect(blob.subarray(4, 15).toString()).toBe('ssh-ed25519')
    expect(blob.readUInt32BE(15)).toBe(64)
    expect(formatPublicKey(host)).toContain(
      Buffer.concat([Buffer.from([0, 0, 0, 32]), blob.subarray(51)])
        .toString('base64')
        .slice(-20),
    )
  })
})

describe('given the files of a node', () => {
  it('then no folder that a pod can mount has one of them, and private ones are root’s alone', async () => {
    const files = computeNodeShellFiles(SPEC, await ensureLabKeys(folder))
    for (const { path: file, content, mode } of files) {
      expect(NODE_VOLUME_PATHS.filter((mounted) => file.startsWith(`${mounted}/`))).toEqual([])
      if (String(content).includes('PRIVATE') || Buffer.isBuffer(content)) expect(mode).toBe(0o600)
    }
    expect(files.map((file) => file.path)).toContain('/root/.ssh/id_ed25519')
  })

  it('then every node is there by name and address, and is known by the lab’s one host key', async () => {
    const keys = await ensureLabKeys(folder)
    const files = new Map(computeNodeShellFiles(SPEC, keys).map((file) => [file.path, String(file.content)]))
    expect(files.get('/etc/node-lab/hosts')).toBe('172.30.0.11\tnode01\n172.30.0.12\tcontrolplane\n')
    expect(files.get('/etc/ssh/ssh_known_hosts')).toBe(
      `node01,172.30.0.11 ${formatPublicKey(keys.host)}\ncontrolplane,172.30.0.12 ${formatPublicKey(keys.host)}\n`,
    )
    expect(files.get('/root/.ssh/id_ed25519')).toBe(readFileSync(path.join(folder, 'client.pem'), 'utf8'))
  })
})
