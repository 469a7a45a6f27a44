import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NODE_VOLUME_PATHS } from '../../common/node-layout.ts'

const PROGRAM = path.resolve(
  import.meta.dirname,
  '../../../resources/images/node/rootfs/usr/lib/node-lab/update-kubeconfig',
)
const CONFIG = '/root/.kube/config'
/** With it everything that was started ends. */
const LIMIT_SECONDS = '3'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'kubeconfig-'))
  mkdirSync(path.join(root, 'etc/kubernetes'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const onNode = (file: string): string => path.join(root, file)
const source = (name: string): string => onNode(`/etc/kubernetes/${name}.conf`)
const give = (name: 'admin' | 'kubelet', text: string): void => writeFileSync(source(name), text)

const run = (...words: string[]): void => {
  const { stderr, status } = spawnSync('timeout', [LIMIT_SECONDS, 'bash', '--norc', PROGRAM, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NODE_ROOT: root },
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
}
const config = (): string | undefined => (existsSync(onNode(CONFIG)) ? readFileSync(onNode(CONFIG), 'utf8') : undefined)

/** What root's kubeconfig is after the kubelet was started; `undefined` where there is none. */
function startKubelet(): string | undefined {
  run()
  return config()
}

/** What it is after the node has left its cluster. */
function leave(): string | undefined {
  for (const name of ['admin', 'kubelet']) rmSync(source(name), { force: true })
  run('left')
  return startKubelet()
}

describe('given a node of a cluster', () => {
  it('when it has an administrator’s kubeconfig, then root has a copy of it for itself, which no pod can mount', () => {
    give('kubelet', 'kubelet')
    give('admin', 'administrator')
    expect(startKubelet()).toBe('administrator')
    expect(statSync(onNode(CONFIG)).mode & 0o777).toBe(0o600)
    expect(NODE_VOLUME_PATHS.filter((mounted) => CONFIG.startsWith(`${mounted}/`))).toEqual([])
  })

  it('when it is a worker, then root speaks as the kubelet, until there is an administrator’s', () => {
    give('kubelet', 'kubelet')
    expect(startKubelet()).toBe('kubelet')
    give('admin', 'administrator')
    expect(startKubelet()).toBe('administrator')
  })

  it('when the cluster gives another one, then a copy that root has not touched follows', () => {
    give('admin', 'administrator')
    startKubelet()
    give('admin', 'administrator with a new certificate')
    expect(startKubelet()).toBe('administrator with a new certificate')
  })

  it('when root changes or removes it, then so it stays, also when the cluster gives another one', () => {
    give('kubelet', 'kubelet')
    startKubelet()
    writeFileSync(onNode(CONFIG), 'kubelet in namespace dev')
    expect(startKubelet()).toBe('kubelet in namespace dev')
    expect(readFileSync(source('kubelet'), 'utf8')).toBe('kubelet')
    give('kubelet', 'broken')
    expect(startKubelet()).toBe('kubelet in namespace dev')
    rmSync(onNode(CONFIG))
    expect(startKubelet()).toBeUndefined()
    give('kubelet', 'kubelet with a new certificate')
    expect(startKubelet()).toBeUndefined()
  })

  it.each(['admin', 'kubelet'] as const)('when %s.conf is moved away, then the copy stays, changed or not', (name) => {
    give('kubelet', 'kubelet')
    give(name, name)
    startKubelet()
    rmSync(source(name))
    expect(startKubelet()).toBe(name)
    writeFileSync(onNode(CONFIG), 'in namespace dev')
    expect(startKubelet()).toBe('in namespace dev')
  })

  it('when root copies it by hand again, then that follows the cluster, too', () => {
    give('admin', 'one')
    startKubelet()
    writeFileSync(onNode(CONFIG), 'own')
    give('admin', 'two')
    expect(startKubelet()).toBe('own')
    writeFileSync(onNode(CONFIG), 'two')
    startKubelet()
    give('admin', 'three')
    expect(startKubelet()).toBe('three')
  })

  it('when root makes it a link to its source, then it stays one', () => {
    give('admin', 'administrator')
    startKubelet()
    rmSync(onNode(CONFIG))
    symlinkSync(source('admin'), onNode(CONFIG))
    startKubelet()
    expect(readlinkSync(onNode(CONFIG))).toBe(source('admin'))
  })

  it('when the node leaves, then a copy that root has not touched goes, and the next cluster gives one again', () => {
    give('kubelet', 'kubelet')
    startKubelet()
    expect(leave()).toBeUndefined()
    give('kubelet', 'kubelet of another cluster')
    expect(startKubelet()).toBe('kubelet of another cluster')
    writeFileSync(onNode(CONFIG), 'own')
    expect(leave()).toBe('own')
  })
})

it('given a node without a cluster, when root brings a kubeconfig of its own, then it stays, also when the node joins', () => {
  expect(startKubelet()).toBeUndefined()
  mkdirSync(onNode('/root/.kube'), { recursive: true })
  writeFileSync(onNode(CONFIG), 'one’s own')
  expect(startKubelet()).toBe('one’s own')
  give('kubelet', 'kubelet')
  expect(startKubelet()).toBe('one’s own')
})

describe('given something else than a file, which whoever reads it would wait for', () => {
  const DISGUISES: [string, (path: string) => void][] = [
    ['a FIFO', (path) => void spawnSync('mkfifo', [path])],
    ['a link to a file without an end', (path) => symlinkSync('/dev/zero', path)],
    [
      'a file of 1 TB',
      (path) => {
        writeFileSync(path, '')
        truncateSync(path, 2 ** 40)
      },
    ],
    ['a folder', (path) => void mkdirSync(path)],
  ]

  it.each(DISGUISES)('when it is %s in the place of the source, then it is passed over at once', (_what, make) => {
    make(source('admin'))
    give('kubelet', 'kubelet')
    expect(startKubelet()).toBe('kubelet')
  })

  it.each(DISGUISES)('when it is %s in the place of root’s own, then it is left alone at once', (_what, make) => {
    give('kubelet', 'kubelet')
    startKubelet()
    rmSync(onNode(CONFIG))
    make(onNode(CONFIG))
    const before = lstatSync(onNode(CONFIG)).ino
    run()
    expect(lstatSync(onNode(CONFIG)).ino).toBe(before)
  })
})
