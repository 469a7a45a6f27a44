import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '@common/lab-error.ts'
import { NOW } from '../../testing/fixtures.ts'
import { aDroppedFile, aDroppedFolder, aManifestText, OpenedApp } from '../../testing/opened-app.ts'

const NODE01 = '[data-node="node01"]'
const NODE02 = '[data-node="node02"]'
const WEB = `${NODE01} [data-file="web.yaml"]`
const DEFAULT_FILES = ['crash-loop.yaml', 'deployment.yaml', 'typo.yaml', 'web.yaml']

let app: OpenedApp

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW })
  app = await OpenedApp.open('default')
  await app.pass(1_000)
})
afterEach(() => {
  app.close()
  vi.useRealTimers()
})

const buttons = (text: string): number =>
  [...document.querySelectorAll('.toasts button')].filter(({ textContent }) => textContent?.trim() === text).length
const without = (name: string): string[] => DEFAULT_FILES.filter((one) => one !== name)

describe('a file of a node', () => {
  it('given another node, when it is let go there, then it moves, and Ctrl+Z brings it home', async () => {
    await app.drag(WEB, NODE02)
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([without('web.yaml'), ['web.yaml']])
    expect(app.words).toContain('web.yaml moved from node01 to node02')
    await app.key(`${NODE02} [data-cell="node"]`, { key: 'z', ctrlKey: true })
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, []])
  })

  it('given the Ctrl key, when it is let go there, then both nodes have it', async () => {
    await app.drag(WEB, NODE02, { ctrlKey: true })
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, ['web.yaml']])
  })

  it('given a move that was taken back by a key, then its note offers no Undo any more', async () => {
    await app.drag(WEB, NODE02)
    expect(buttons('Undo')).toBe(1)
    await app.key(`${NODE02} [data-cell="node"]`, { key: 'z', ctrlKey: true })
    expect(app.words).toContain('Taken back: web.yaml moved from node01 to node02')
    expect(buttons('Undo')).toBe(0)
  })

  it('given the space below a short node, when it is let go there, then that node has it', async () => {
    await app.drag(WEB, '[data-drop="node02"]')
    expect(app.filesOf('node02')).toEqual(['web.yaml'])
  })

  it('given that it would be the second for its pod, then the node says which of the two counts', async () => {
    const of = { lab: 'default', node: 'node02', replace: false, content: aManifestText('web') }
    for (const name of ['zz.yaml', 'aa.yaml']) {
      await app.bridge.call('manifest/apply', { ...of, name })
      await app.pass(2_000)
      await app.view.get(WEB).trigger('dragstart', { dataTransfer: null })
      await app.pass(50)
      await app.view.get(NODE02).trigger('dragover', { dataTransfer: null })
      await app.pass(50)
      const [first, last] = ['web.yaml', name].toSorted()
      const words = app.view.get('[data-preview="node02"]').text()
      expect(words).toContain(`${last} comes after ${first} by name`)
      expect(words).toContain(`${first} is pushed aside`)
      expect(words.includes('will start')).toBe(last === 'web.yaml')
      await app.bridge.call('manifest/remove', { lab: 'default', node: 'node02', name })
      await app.pass(60_000)
    }
  })

  it('given a move whose copy cannot be written, then the file stays where it is', async () => {
    app.bridge.failures.set('manifest/apply', new LabError({ kind: 'Unavailable', message: 'The disk is full.' }))
    await app.drag(WEB, NODE02)
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, []])
    expect(app.words).toContain('The disk is full.')
  })

  it('given a move whose second half fails, then it lies on both nodes, and that is said', async () => {
    app.bridge.failures.set('manifest/remove', new LabError({ kind: 'Unavailable', message: 'Not now.' }))
    await app.drag(WEB, NODE02)
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, ['web.yaml']])
    expect(app.words).toContain('web.yaml lies on both nodes: it could not be removed from node01')
  })

  it('given a move while which somebody writes it anew, then their work stays where it was, and that is said', async () => {
    const theirs = { ...{ lab: 'default', node: 'node01', name: 'web.yaml' }, content: aManifestText('theirs') }
    app.bridge.on('node/changed', ({ node, files }) => {
      if (node !== 'node02' || files.length === 0 || app.bridge.calls.some(({ name }) => name === 'manifest/remove'))
        return
      void app.bridge.call('manifest/apply', { ...theirs, replace: true })
    })
    await app.drag(WEB, NODE02)
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, ['web.yaml']])
    expect(app.words).toContain('web.yaml lies on both nodes')
    expect(app.words).toContain('web.yaml on node01 was changed since, and stays as it is.')
  })

  it('given a move that cannot be undone now, then its copy stays, and it can be undone later', async () => {
    await app.drag(WEB, NODE02)
    app.bridge.failures.set('manifest/apply', new LabError({ kind: 'Unavailable', message: 'The disk is full.' }))
    const undo = (): Promise<void> => app.key(`${NODE02} [data-cell="node"]`, { key: 'z', ctrlKey: true })
    await undo()
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([without('web.yaml'), ['web.yaml']])
    expect(app.words).toContain('Could not be taken back: web.yaml moved from node01 to node02')
    expect(app.words).not.toContain('Taken back')
    app.bridge.failures.delete('manifest/apply')
    await undo()
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, []])
  })

  it('given the bin, when it is let go there, then it leaves its folder, and Undo brings it back', async () => {
    expect(app.view.find('[data-bin]').exists()).toBe(false)
    await app.view.get(WEB).trigger('dragstart', { dataTransfer: null })
    await app.view.get('[data-bin]').trigger('drop', { dataTransfer: null })
    await app.pass(50)
    expect(app.filesOf('node01')).toEqual(without('web.yaml'))
    await app.pressText('Undo')
    expect(app.filesOf('node01')).toEqual(DEFAULT_FILES)
  })

  it('given that somebody wrote it anew since, when it is undone, then their work stays', async () => {
    await app.drag(WEB, NODE02, { ctrlKey: true })
    await app.bridge.call('manifest/apply', {
      ...{ lab: 'default', node: 'node02', name: 'web.yaml', replace: true },
      content: aManifestText('theirs'),
    })
    await app.key(`${NODE02} [data-cell="node"]`, { key: 'z', ctrlKey: true })
    expect(app.filesOf('node02')).toEqual(['web.yaml'])
    expect(app.words).toContain('web.yaml on node02 was changed since, and stays as it is.')
  })

  it('given a drag whose end nobody told, when a file from outside is let go, then it is that one', async () => {
    await app.view.get(WEB).trigger('dragstart', { dataTransfer: null })
    await app.dropItems(NODE02, [aDroppedFile('new.yaml', aManifestText('new'))])
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, ['new.yaml']])
  })

  it('given that it hangs in the air, when somebody removes it, then nothing is carried any more', async () => {
    await app.view.get(WEB).trigger('dragstart', { dataTransfer: null })
    expect(app.view.find('[data-bin]').exists()).toBe(true)
    await app.bridge.call('manifest/remove', { lab: 'default', node: 'node01', name: 'web.yaml' })
    await app.pass(2_000)
    expect(app.view.find('[data-bin]').exists()).toBe(false)
  })

  it('given that it hovers, then the node and the live region say what will come of it', async () => {
    await app.view.get(WEB).trigger('dragstart', { dataTransfer: null })
    await app.pass(50)
    await app.view.get(NODE02).trigger('dragover', { dataTransfer: null })
    await app.pass(50)
    const preview = app.view.get('[data-preview="node02"]').text()
    expect(preview).toContain('Move to node02')
    expect(preview).toContain('Pod web-node02 will start on node02')
    expect(app.view.get('[data-announcement]').text()).toContain('web.yaml, over node02: let go to move.')
  })
})

describe('without a pointer', () => {
  it('given arrow keys, then the focus goes down the files, across to a pod, and to the next node', async () => {
    const focused = (): string =>
      document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''
    await app.key(`${NODE01} [data-cell="node"]`, { key: 'ArrowDown' })
    expect(focused()).toBe('Open crash-loop.yaml')
    await app.key(`${NODE01} [data-file="crash-loop.yaml"] [data-cell]`, { key: 'ArrowRight' })
    expect(focused()).toBe('Open crash-loop-node01')
    await app.key('[data-pod="crash-loop-node01"] [data-cell]', { key: 'ArrowRight' })
    expect(focused()).toBe('node02')
  })

  it('given Ctrl+X on two picked files and Ctrl+V on node02, then both move', async () => {
    await app.key(`${WEB} [data-cell]`, { key: ' ' })
    await app.key(`${NODE01} [data-file="typo.yaml"] [data-cell]`, { key: ' ' })
    await app.key(`${NODE01} [data-file="typo.yaml"] [data-cell]`, { key: 'x', ctrlKey: true })
    expect(app.view.get('[data-announcement]').text()).toContain('web.yaml, typo.yaml cut.')
    await paste(`${NODE02} [data-cell="node"]`, '')
    expect(app.filesOf('node02')).toEqual(['typo.yaml', 'web.yaml'])
    expect(app.filesOf('node01')).toEqual(['crash-loop.yaml', 'deployment.yaml'])
  })

  it('given Delete on a file, then it is removed', async () => {
    await app.key(`${WEB} [data-cell]`, { key: 'Delete' })
    expect(app.filesOf('node01')).toEqual(without('web.yaml'))
  })

  it.each([
    ['a file', 'crash-loop.yaml', 'Open deployment.yaml'],
    ['the last file', 'web.yaml', 'Open typo.yaml'],
  ])('given Delete on %s, then the focus is on the next one', async (_what, name, next) => {
    await app.key(`${NODE01} [data-file="${name}"] [data-cell]`, { key: 'Delete' })
    await app.pass(2_000)
    expect(document.activeElement?.getAttribute('aria-label')).toBe(next)
  })

  it('given the bin on the only file, then the focus is on the node', async () => {
    await app.drag(WEB, NODE02)
    const bin = app.view.get<HTMLElement>(`${NODE02} [aria-label="Remove web.yaml"]`).element
    bin.focus()
    bin.click()
    await app.pass(2_000)
    expect(document.activeElement?.textContent).toBe('node02')
  })

  it('given a button on a file, then Space and Delete are left to the button', async () => {
    for (const key of [' ', 'Delete']) await app.key('[aria-label="Remove web.yaml"]', { key })
    expect(app.view.find('[data-picked]').exists()).toBe(false)
    expect(app.filesOf('node01')).toEqual(DEFAULT_FILES)
  })

  it('given the menu, when “Copy to…” and a node are chosen, then the dialog tells what comes of it, and does it', async () => {
    await app.view.get('[aria-label="Actions for web.yaml"]').trigger('click')
    await app.pass(50)
    await app.pressText('Copy to…')
    const dialog = document.querySelector('[role="dialog"]')
    dialog?.querySelector<HTMLInputElement>('input[value="node02"]')?.click()
    await app.pass(50)
    expect(dialog?.textContent).toContain('Pod web-node02 will start on node02')
    dialog?.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await app.pass(50)
    expect([app.filesOf('node01'), app.filesOf('node02')]).toEqual([DEFAULT_FILES, ['web.yaml']])
  })

  it('given YAML on the clipboard, when it is pasted on a node, then the dialog has it', async () => {
    await paste(`${NODE02} [data-cell="node"]`, aManifestText('pasted'))
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('Pod pasted-node02 will start on node02')
  })

  async function paste(selector: string, text: string): Promise<void> {
    const element = app.view.get<HTMLElement>(selector).element
    element.focus()
    const event = new Event('paste', { bubbles: true, cancelable: true })
    element.dispatchEvent(Object.assign(event, { clipboardData: { files: [], getData: () => text } }))
    await app.pass(50)
  }
})

describe('things from outside', () => {
  it('given two picked nodes, when a file is dropped on one of them, then both get it', async () => {
    await app.view.get(`${NODE01} [data-cell="node"]`).trigger('click')
    await app.view.get(`${NODE02} [data-cell="node"]`).trigger('click')
    await app.dropItems(NODE02, [aDroppedFile('shop.yaml', aManifestText('shop'))])
    expect(app.filesOf('node01')).toContain('shop.yaml')
    expect(app.filesOf('node02')).toEqual(['shop.yaml'])
    expect(app.words).toContain('2 files are on node01, node02')
  })

  it('given a Deployment, when it is dropped, then the note says that the kubelet will not run it, and why', async () => {
    const content = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\n'
    await app.dropItems(NODE02, [aDroppedFile('shop.yaml', content)])
    const note = document.querySelector('[data-toast="warning"]')?.textContent
    expect(note).toContain('shop.yaml is on node02')
    expect(note).toContain('The kubelet on node02 will not run it: A Deployment is no Pod.')
    expect(document.querySelector('[data-toast="success"]')).toBeNull()
  })

  it('given no picked node, when a file is dropped on the lab’s head, then every node gets it', async () => {
    await app.dropItems('[data-lab]', [aDroppedFile('shop.yaml', aManifestText('shop'))])
    expect([app.filesOf('node01').includes('shop.yaml'), app.filesOf('node02')]).toEqual([true, ['shop.yaml']])
  })

  it('given a folder, then its manifests are taken, and what else is in it is named', async () => {
    const files = {
      'a.yaml': aManifestText('a'),
      'b.yml': aManifestText('b'),
      'README.md': '# read me',
      '.hidden.yaml': '',
    }
    await app.dropItems(NODE02, [aDroppedFolder('manifests', files)])
    expect(app.filesOf('node02')).toEqual(['a.yaml', 'b.yml'])
    expect(app.words).toContain('2 files were left out')
    expect(app.words).toContain('manifests/README.md')
  })

  it('given hundreds of files, then a list is shown first, and nothing is written before it is agreed to', async () => {
    const files = Object.fromEntries(Array.from({ length: 240 }, (_, at) => [`p${at}.yaml`, aManifestText(`p${at}`)]))
    await app.dropItems(NODE02, [aDroppedFolder('many', files)])
    await app.pass(500)
    expect(app.words).toContain('Put these 240 files there?')
    expect(app.bridge.calls.some(({ name }) => name === 'manifest/apply')).toBe(false)
    await app.pressText('Cancel')
    expect(app.filesOf('node02')).toEqual([])
  })

  it('given files of which one would overwrite another, then the others go at once and it is asked about', async () => {
    await app.dropItems(NODE01, [
      aDroppedFile('web.yaml', aManifestText('other')),
      aDroppedFile('new.yaml', aManifestText('new')),
    ])
    expect(app.filesOf('node01')).toContain('new.yaml')
    expect(app.words).toContain('Replace web.yaml on node01?')
    await app.pressText('Replace')
    expect(app.words).toContain('web.yaml was replaced on node01')
    await app.key(`${NODE01} [data-cell="node"]`, { key: 'z', ctrlKey: true })
    const { content } = (
      (await app.bridge.call('manifest/read', { lab: 'default', node: 'node01', name: 'web.yaml' })) as {
        result: { content: string }
      }
    ).result
    expect(content).toContain('name: web')
  })

  it.each<[string, object[], Record<string, string>, string]>([
    ['a picture', [aDroppedFile('photo.png', new Uint8Array([0x89, 0x50, 0xff]))], {}, 'It is not a text file'],
    ['text with zero bytes', [aDroppedFile('odd.yaml', 'a\0b')], {}, 'It is not a text file'],
    [
      'more than a kubelet reads',
      [aDroppedFile('huge.yaml', 'x'.repeat(10 * 1024 * 1024 + 1))],
      {},
      'It is larger than 10 MiB',
    ],
    [
      'an address',
      [],
      { 'text/uri-list': 'https://example.invalid/pod.yaml', 'text/plain': 'https://example.invalid/pod.yaml' },
      'Node Lab fetches nothing',
    ],
    ['nothing at all', [], {}, 'There is no file in that'],
  ])('given %s, then it is refused in words and nothing is written', async (_what, items, texts, words) => {
    await app.dropItems(NODE02, items, texts)
    expect(app.words).toContain(words)
    expect(app.bridge.calls.some(({ name }) => name === 'manifest/apply')).toBe(false)
    expect(app.filesOf('node01')).toEqual(DEFAULT_FILES)
  })

  it('given words of another program, then they go into the dialog', async () => {
    await app.dropItems(NODE02, [], { 'text/plain': aManifestText('dragged') })
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('Pod dragged-node02 will start on node02')
  })

  it('given an image that is nowhere, then the preview says that it would be pulled', async () => {
    await app.dropItems(NODE02, [], { 'text/plain': aManifestText('pull', 'ghost.example/missing:1') })
    await app.pass(500)
    expect(app.words).toContain('The image ghost.example/missing:1 is not here')
  })
})
