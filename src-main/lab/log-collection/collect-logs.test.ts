import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { CONTAINER_NAME_LABEL, POD_NAME_LABEL, POD_NAMESPACE_LABEL } from '../../common/api/kubelet-labels.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import type { LabManager } from '../lab-manager.ts'
import { FakeNodeEngine } from '../testing/fake-node-files.ts'
import { TestHome } from '../testing/test-home.ts'
import { collectLogs } from './collect-logs.ts'

let home: TestHome
let manager: LabManager

beforeEach(async () => {
  home = new TestHome(new FakeNodeEngine())
  manager = await home.manager()
  for (const lab of ['one', 'two']) await manager.up(lab, { controlPlane: true, nodes: 1 })
})
afterEach(() => home.dispose())

/** File name, without the archive's folder, to text. */
async function collect(): Promise<Map<string, string>> {
  const doctor = { run: () => Promise.resolve({ state: 'done' as const, startedAt: '', checks: [] }) }
  const { archive } = await collectLogs({
    manager,
    doctor,
    clock: new FakeClock(),
    connect: () => Promise.resolve(home.engine),
  })
  const files = new Map<string, string>()
  for await (const entry of Readable.from([archive]).pipe(createGunzip()).pipe(extract()))
    files.set(entry.header.name.replace(/^[^/]*\//, ''), (await buffer(entry)).toString())
  return files
}

function addContainer(labels: Record<string, string>): Promise<string> {
  return home.engine.createContainer({
    name: JSON.stringify(labels),
    image: 'x',
    entrypoint: [],
    command: [],
    mounts: [],
    network: { mode: 'none' },
    restartPolicy: 'no',
    labels: { [LAB_LABEL]: 'one', [ROLE_LABEL]: 'container', ...labels },
  })
}

describe('given two labs', () => {
  it('when the engine fails for one of them, then the other is there, and that is said', async () => {
    const list = home.engine.listContainers.bind(home.engine)
    home.engine.listContainers = (labels) =>
      labels[LAB_LABEL] === 'one' ? Promise.reject(new Error('engine is busy')) : list(labels)
    const files = await collect()
    expect(files.get('problems.txt')).toContain('labs/one: engine is busy')
    expect([...files.keys()]).toEqual(expect.arrayContaining(['labs/one/lab.yaml', 'labs/two/nodes/node01/node.log']))
  })

  it('when their status cannot be told, then what is on disk and in the engine is there', async () => {
    manager.listLabs = () => Promise.reject(new Error('no status'))
    const files = await collect()
    expect(files.get('problems.txt')).toContain('no status')
    for (const lab of ['one', 'two']) expect(files.has(`labs/${lab}/nodes/node01/node.log`)).toBe(true)
  })

  it('when a learner names a pod like a component, then only those of the control plane are collected', async () => {
    const scheduler = { [POD_NAMESPACE_LABEL]: 'kube-system', [CONTAINER_NAME_LABEL]: 'kube-scheduler' }
    const ofComponent = { ...scheduler, [POD_NAME_LABEL]: 'kube-scheduler-controlplane', [NODE_LABEL]: 'controlplane' }
    await addContainer(ofComponent)
    await addContainer({ ...ofComponent, [NODE_LABEL]: 'node01', [POD_NAME_LABEL]: 'kube-scheduler-node01' })
    await addContainer({ ...ofComponent, [CONTAINER_NAME_LABEL]: 'mine' })
    await addContainer({ ...ofComponent, [POD_NAME_LABEL]: 'mine-controlplane' })
    await addContainer({ ...ofComponent, [POD_NAMESPACE_LABEL]: 'default' })
    const logs = [...(await collect()).keys()].filter((name) => name.includes('/kube-system/'))
    expect(logs).toEqual([expect.stringMatching(/^labs\/one\/kube-system\/kube-scheduler-\w+\.log$/)])
  })
})
