import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../src-main/base/testing/fake-clock.ts'
import type { Pod } from '../../src-main/common/api/core.ts'
import { LabError } from '../../src-main/common/lab-error.ts'
import { FakeLabManager } from '../../src-main/shell/testing/fake-lab-manager.ts'
import { bringUpFirstLab } from './first-lab.ts'

let labManager: FakeLabManager
let clock: FakeClock
beforeEach(() => {
  labManager = new FakeLabManager()
  labManager.folder = mkdtempSync(join(tmpdir(), 'node-lab-first-'))
  clock = new FakeClock()
})
afterEach(() => rmSync(labManager.folder, { recursive: true, force: true }))

function aPod(phase: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-node01', namespace: 'default', uid: '1' },
    spec: { containers: [] },
    status: { phase },
  } as unknown as Pod
}

function bringUp(): Promise<unknown> {
  return bringUpFirstLab(labManager, clock, () => undefined)
}

describe('bringUpFirstLab', () => {
  it('given a first start, when the sample has been placed, then it waits until its pod runs', async () => {
    labManager.podList = [aPod('Pending')]
    let isDone = false
    const done = bringUp().then(() => (isDone = true))
    await clock.advance(5_000)
    expect([...labManager.manifests.keys()]).toEqual(['node01/web.yaml'])
    expect(isDone).toBe(false)
    labManager.podList = [aPod('Running')]
    await clock.advance(1_000)
    await done
  })

  it('given a sample that was removed, when started again, then it stays away', async () => {
    labManager.podList = [aPod('Running')]
    await bringUp()
    labManager.manifests.clear()
    await bringUp()
    expect(labManager.manifests.size).toBe(0)
  })

  it('given a folder with manifests already, when started for the first time, then nothing is added', async () => {
    labManager.manifests.set('node01/mine.yaml', 'kind: Pod')
    await bringUp()
    expect([...labManager.manifests.keys()]).toEqual(['node01/mine.yaml'])
  })

  it('given a kubelet that a learner has broken, when started, then the lab is shown all the same and says why', async () => {
    const said: string[] = []
    labManager.up = () =>
      Promise.reject(new LabError({ kind: 'Timeout', message: 'node02 is not ready', details: { node: 'node02' } }))
    writeFileSync(join(labManager.folder, '.welcome'), '')
    const lab = await bringUpFirstLab(labManager, clock, ({ message }) => said.push(message))
    expect(lab.nodes).toHaveLength(2)
    expect(said).toEqual(['node02 is not ready'])
  })

  it('given a lab that cannot be made, when started, then it fails', async () => {
    labManager.up = () => Promise.reject(new LabError({ kind: 'Timeout', message: 'the engine did not answer' }))
    await expect(bringUp()).rejects.toThrow('the engine did not answer')
  })

  it('given a pod that never runs, when 90 s have passed, then the start goes on', async () => {
    const done = bringUp()
    await clock.advance(91_000)
    await done
  })
})
