import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabManager } from '../lab-manager.ts'
import { FakeNodeEngine } from '../testing/fake-node-files.ts'
import { TestHome } from '../testing/test-home.ts'

const NAME = 'kube-scheduler'

describe('given a lab with a control plane', () => {
  let home = new TestHome()
  let manager: LabManager
  const inNode = (folder: string): string => path.join(home.folder, 'labs/t/nodes/controlplane', folder, `${NAME}.yaml`)
  const stateOf = async (): Promise<string | undefined> =>
    (await manager.components('t')).find(({ component }) => component === NAME)?.state

  beforeEach(async () => {
    home = new TestHome(new FakeNodeEngine())
    manager = await home.manager()
    await manager.up('t', { controlPlane: true })
  })
  afterEach(() => home.dispose())

  it('when a component is stopped and started, then its manifest goes aside and comes back as it was', async () => {
    const text = readFileSync(inNode('manifests'), 'utf8')
    await manager.stopComponent('t', NAME)
    expect(existsSync(inNode('manifests'))).toBe(false)
    expect(await stateOf()).toBe('aside')
    await manager.startComponent('t', NAME)
    expect(readFileSync(inNode('manifests'), 'utf8')).toBe(text)
    expect(existsSync(inNode('stopped'))).toBe(false)
    const kinds = (await manager.actions('t')).map(({ kind, component }) => `${kind} ${component ?? ''}`.trim())
    expect(kinds).toEqual(['ControlPlaneAdded', `ComponentStopped ${NAME}`, `ComponentStarted ${NAME}`])
  })

  it('when it is stopped and the lab is brought up, then it stays stopped', async () => {
    await manager.stopComponent('t', NAME)
    await manager.up('t', {})
    expect(await stateOf()).toBe('aside')
  })

  it('when it is stopped twice, then the second is refused and the manifest is kept', async () => {
    await manager.stopComponent('t', NAME)
    await expect(manager.stopComponent('t', NAME)).rejects.toMatchObject({ kind: 'Conflict' })
    expect(await stateOf()).toBe('aside')
  })

  it('when somebody has put another manifest in its place meanwhile, then that one counts, and the one aside is kept', async () => {
    const text = readFileSync(inNode('manifests'), 'utf8')
    await manager.stopComponent('t', NAME)
    writeFileSync(inNode('manifests'), 'mine')
    await manager.startComponent('t', NAME)
    expect(readFileSync(inNode('manifests'), 'utf8')).toBe('mine')
    expect(readFileSync(inNode('stopped'), 'utf8')).toBe(text)
    await manager.stopComponent('t', NAME)
    const kept = readdirSync(path.dirname(inNode('stopped'))).map((name) =>
      readFileSync(path.join(path.dirname(inNode('stopped')), name), 'utf8'),
    )
    expect(kept.toSorted()).toEqual([text, 'mine'].toSorted())
  })

  it('when somebody has put the same manifest back meanwhile, then none is left aside', async () => {
    const text = readFileSync(inNode('manifests'), 'utf8')
    await manager.stopComponent('t', NAME)
    writeFileSync(inNode('manifests'), text)
    await manager.startComponent('t', NAME)
    expect(existsSync(inNode('stopped'))).toBe(false)
  })

  it.each<[string, (file: string) => void, RegExp]>([
    ['a folder', (file) => mkdirSync(file), /is a folder/],
    ['an empty file', (file) => writeFileSync(file, ''), /is empty/],
    ['a link', (file) => symlinkSync('/etc/passwd', file), /is a symbolic link/],
  ])(
    'when %s has its name, then starting it is refused in words, and the manifest is kept',
    async (_what, put, words) => {
      await manager.stopComponent('t', NAME)
      put(inNode('manifests'))
      await expect(manager.startComponent('t', NAME)).rejects.toThrow(words)
      expect(readFileSync(inNode('stopped'), 'utf8')).toContain(NAME)
    },
  )

  it('when its manifest is nowhere, then starting it is refused in words', async () => {
    rmSync(inNode('manifests'))
    await expect(manager.startComponent('t', NAME)).rejects.toMatchObject({ kind: 'Conflict' })
    expect(await stateOf()).toBe('missing')
  })

  it('when a name is no component, then nothing is touched', async () => {
    await expect(manager.stopComponent('t', '../../../lab')).rejects.toMatchObject({ kind: 'BadRequest' })
  })
})

it('given a lab without a control plane, when a component is stopped, then it is refused', async () => {
  const home = new TestHome()
  try {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    await expect(manager.stopComponent('t', NAME)).rejects.toMatchObject({ kind: 'Conflict' })
  } finally {
    await home.dispose()
  }
})
