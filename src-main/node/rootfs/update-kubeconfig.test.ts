import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NODE_VOLUME_PATHS } from '../../common/node-layout.ts'

const PROGRAM = path.resolve(
  import.meta.dirname,
  '../../../resources/images/node/rootfs/usr/lib/node-lab/update-kubeconfig',
)
const CONFIG = '/root/.kube/config'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'kubeconfig-'))
  mkdirSync(path.join(root, 'etc/kubernetes'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const onNode = (file: string): string => path.join(root, file)
const give = (name: 'admin' | 'kubelet', text: string): void =>
  writeFileSync(onNode(`/etc/kubernetes/${name}.conf`), text)

/** What root's kubeconfig is after the kubelet was started; `undefined` where there is none. */
function startKubelet(): string | undefined {
  const { stderr } = spawnSync('bash', ['--norc', PROGRAM], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NODE_ROOT: root },
  })
  expect(stderr).toBe('')
  return existsSync(onNode(CONFIG)) ? readFileSync(onNode(CONFIG), 'utf8') : undefined
}

describe('given a node of a cluster', () => {
  it('when it has an administrator’s kubeconfig, then root has a copy of it for itself, which no pod can mount', () => {
    give('kubelet', 'kubelet')
    give('admin', 'administrator')
    expect(startKubelet()).toBe('administrator')
    expect(statSync(onNode(CONFIG)).mode & 0o777).toBe(0o600)
    expect(NODE_VOLUME_PATHS.filter((mounted) => CONFIG.startsWith(`${mounted}/`))).toEqual([])
  })

  it('when it is a worker, then root speaks as the kubelet', () => {
    give('kubelet', 'kubelet')
    expect(startKubelet()).toBe('kubelet')
  })

  it('when root changes or removes it, then so it stays, until the cluster gives another one', () => {
    give('admin', 'administrator')
    startKubelet()
    writeFileSync(onNode(CONFIG), 'administrator in namespace dev')
    expect(startKubelet()).toBe('administrator in namespace dev')
    expect(readFileSync(onNode('/etc/kubernetes/admin.conf'), 'utf8')).toBe('administrator')
    rmSync(onNode(CONFIG))
    expect(startKubelet()).toBeUndefined()
    give('admin', 'administrator with a new certificate')
    expect(startKubelet()).toBe('administrator with a new certificate')
  })

  it('when the node leaves, then root’s kubeconfig goes, too', () => {
    give('kubelet', 'kubelet')
    startKubelet()
    rmSync(onNode('/etc/kubernetes/kubelet.conf'))
    expect(startKubelet()).toBeUndefined()
  })
})

it('given a node without a cluster, when root brings a kubeconfig of its own, then it stays', () => {
  expect(startKubelet()).toBeUndefined()
  mkdirSync(onNode('/root/.kube'), { recursive: true })
  writeFileSync(onNode(CONFIG), 'one’s own')
  expect(startKubelet()).toBe('one’s own')
})
