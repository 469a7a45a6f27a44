import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabManager } from '../lab-manager.ts'
import { FakeNodeEngine } from '../testing/fake-node-files.ts'
import { TestHome } from '../testing/test-home.ts'
import { changeScheduling } from './daemon-set-scheduling.ts'

const GATE = '--feature-gates=ScheduleDaemonSetPods=false'

const MANIFEST = `# mine
kind: Pod
spec:
  containers:
    - command:
        - kube-controller-manager
        - --leader-elect=true # as kubeadm
      name: kube-controller-manager
`

describe('the manifest of kube-controller-manager', () => {
  it('given no flag, when switched off and on again, then the flag comes and goes and the rest stays', () => {
    const off = changeScheduling(MANIFEST, false)
    expect(off).toBe(MANIFEST.replace('# as kubeadm\n', `# as kubeadm\n        - ${GATE}\n`))
    expect(changeScheduling(off, false)).toBe(off)
    expect(changeScheduling(off, true)).toBe(MANIFEST)
  })

  it.each([
    ['        - --feature-gates=Other=true,ScheduleDaemonSetPods=false\n', '        - --feature-gates=Other=true\n'],
    ['        - --feature-gates\n        - ScheduleDaemonSetPods=false\n', ''],
    [`        - ${GATE}\n      args:\n        - --v=2\n`, '      args:\n        - --v=2\n'],
  ])('given the flag as %j, when switched on, then only its own gate goes', (flag, left) => {
    const text = MANIFEST.replace('      name:', `${flag}      name:`)
    expect(changeScheduling(text, true)).toBe(MANIFEST.replace('      name:', `${left}      name:`))
  })

  it('given another gate, when switched off, then both are in one flag', () => {
    const text = MANIFEST.replace('      name:', '        - --feature-gates=Other=true\n      name:')
    expect(changeScheduling(text, false)).toContain('- --feature-gates=Other=true,ScheduleDaemonSetPods=false\n')
  })

  it.each(['', 'kind: Pod\n', 'spec: {containers: [{command: sleep}]}', 'a: [', 'spec: &a {containers: *a}'])(
    'given %j, when switched, then it is refused with what to do',
    (text) => {
      expect(() => changeScheduling(text, false)).toThrow('kube-controller-manager.yaml has no command')
    },
  )
})

describe('the switch of a lab', () => {
  let engine = new FakeNodeEngine()
  let home = new TestHome(engine)
  beforeEach(() => {
    engine = new FakeNodeEngine()
    home = new TestHome(engine)
  })
  afterEach(() => home.dispose())

  const file = (): string => path.join(home.folder, 'labs/t/nodes/controlplane/manifests/kube-controller-manager.yaml')
  const manifest = (): string => readFileSync(file(), 'utf8')
  const record = (): string => readFileSync(path.join(home.folder, 'labs/t/lab.yaml'), 'utf8')

  /** Its volume goes with it. */
  async function makeControlPlaneAnew(manager: LabManager): Promise<void> {
    await manager.removeNode({ lab: 't', node: 'controlplane' })
    engine.files.delete('node-lab.t.controlplane')
    await manager.up('t', { controlPlane: true })
  }

  it('given it was off from the first `up`, when the control plane is made anew, then it is off again', async () => {
    const manager = await home.manager()
    await manager.up('t', { controlPlane: true, scheduleDaemonSetPods: false })
    expect(manifest()).toContain(GATE)
    await manager.down('t')
    await manager.up('t', {})
    expect(manifest()).toContain(GATE)
    await makeControlPlaneAnew(manager)
    expect(manifest()).toContain(GATE)
  })

  it('given a lab, when it is changed, then file and record say so; `up` with it does the same', async () => {
    const manager = await home.manager()
    await manager.up('t', { controlPlane: true })
    const before = manifest()
    expect(before).not.toContain('feature-gates')
    expect(await manager.setScheduling('t', false)).toEqual({ manifest: 'written' })
    expect(await manager.setScheduling('t', false)).toEqual({ manifest: 'unchanged' })
    expect(manifest()).toContain(GATE)
    expect(record()).toContain('scheduleDaemonSetPods: false')
    await manager.up('t', { scheduleDaemonSetPods: true })
    expect(manifest()).toBe(before)
    expect(record()).not.toContain('scheduleDaemonSetPods')
  })

  it('given the learner edited the manifest, when the lab comes up, then the edit stays', async () => {
    const manager = await home.manager()
    await manager.up('t', { controlPlane: true, scheduleDaemonSetPods: false })
    writeFileSync(file(), changeScheduling(manifest(), true))
    await manager.up('t', {})
    expect(manifest()).not.toContain(GATE)
  })

  it('given the manifest was taken away, when it is changed, then it stays away, and one made anew says it', async () => {
    const manager = await home.manager()
    await manager.up('t', { controlPlane: true })
    rmSync(file())
    expect(await manager.setScheduling('t', false)).toEqual({ manifest: 'missing' })
    expect(existsSync(file())).toBe(false)
    await makeControlPlaneAnew(manager)
    expect(manifest()).toContain(GATE)
  })

  it('given no control plane, when it is changed, then it is refused and nothing is recorded', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    await expect(manager.setScheduling('t', false)).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(manager.up('t', { scheduleDaemonSetPods: false })).rejects.toMatchObject({ kind: 'Conflict' })
    expect(record()).not.toContain('scheduleDaemonSetPods')
  })
})
