/** Logs of containers do not grow without end. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CriError } from '../container-runtime/cri.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'
import type { TestKubelet } from './testing/new-test-kubelet.ts'

const settings = { containerLogMaxBytes: 100, containerLogMaxFiles: 3 }

function logOf(node: TestKubelet): string {
  const [container] = node.kubelet.runtimePod(node.pod('web').metadata.uid ?? '').containers
  if (container === undefined) throw new Error('there is no container')
  mkdirSync(dirname(container.logPath), { recursive: true })
  return container.logPath
}

describe('log rotation', () => {
  it('given a log that is longer than allowed, then it is moved away, and only the newest of those are kept', async () => {
    await using node = await newTestKubelet({ settings })
    await node.write('web.json', aManifest('web'))
    const path = logOf(node)
    for (const letter of 'abcd') {
      writeFileSync(path, letter.repeat(101))
      await node.pass(12_000)
    }
    const names = readdirSync(dirname(path))
    expect(names).toHaveLength(2)
    expect(names.every((name) => /^0\.log\.\d{8}-\d{6}$/.test(name))).toBe(true)
    expect(names.sort().map((name) => readFileSync(`${dirname(path)}/${name}`, 'utf8')[0])).toEqual(['c', 'd'])
    expect(node.runtime.callsOf('reopenContainerLog')).toHaveLength(4)
  })

  it('given an address for pods that never answers, then logs are kept short all the same', async () => {
    const fetchManifest = (): Promise<never> => Promise.reject(new Error('nobody is there'))
    await using node = await newTestKubelet({
      settings: { ...settings, staticPodURL: 'http://10.0.0.9/' },
      fetchManifest,
    })
    await node.write('web.json', aManifest('web'))
    writeFileSync(logOf(node), 'x'.repeat(101))
    await node.pass(12_000)
    expect(node.runtime.callsOf('reopenContainerLog')).toHaveLength(1)
  })

  it('given a short log, then it is left alone', async () => {
    await using node = await newTestKubelet({ settings })
    await node.write('web.json', aManifest('web'))
    writeFileSync(logOf(node), 'short')
    await node.pass(30_000)
    expect(readdirSync(dirname(logOf(node)))).toEqual(['0.log'])
    expect(node.runtime.callsOf('reopenContainerLog')).toHaveLength(0)
  })

  it('given a runtime that does not begin a new log, then the old one keeps its name', async () => {
    await using node = await newTestKubelet({ settings })
    await node.write('web.json', aManifest('web'))
    writeFileSync(logOf(node), 'x'.repeat(101))
    node.runtime.failNext('reopenContainerLog', new CriError('Unavailable', 'gone'))
    await node.pass(9000)
    expect(readdirSync(dirname(logOf(node)))).toEqual(['0.log'])
    expect(node.log.some((line) => line.startsWith('E Failed to rotate log'))).toBe(true)
  })
})
