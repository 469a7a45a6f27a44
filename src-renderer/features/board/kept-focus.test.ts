import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NOW } from '../../testing/fixtures.ts'
import { aManifestText, OpenedApp } from '../../testing/opened-app.ts'

const FIRST = 'many-150.yaml'

/** Everything is on the screen. */
class WholeScreen implements Pick<IntersectionObserver, 'observe' | 'unobserve'> {
  readonly #callback: (entries: object[]) => void

  constructor(callback: (entries: object[]) => void) {
    this.#callback = callback
  }

  observe(target: Element): void {
    this.#callback([{ target, isIntersecting: true, boundingClientRect: { height: 70 } }])
  }

  unobserve(): void {}
}

let app: OpenedApp

const focusedFile = (): string | null | undefined =>
  document.activeElement?.closest('[data-file]')?.getAttribute('data-file')

async function write(name: string): Promise<void> {
  const content = aManifestText(name)
  await app.bridge.call('manifest/apply', { lab: 'default', node: 'node02', name, content, replace: false })
}

async function press(key: string): Promise<void> {
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await app.pass(50)
}

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW })
  vi.stubGlobal('IntersectionObserver', WholeScreen)
  app = await OpenedApp.open('default')
  await Promise.all(Array.from({ length: 90 }, (_, index) => write(`many-${100 + index}.yaml`)))
  await app.pass(100)
  app.view.get<HTMLElement>(`[data-file="${FIRST}"] [data-cell]`).element.focus()
})
afterEach(() => {
  app.close()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('given a board with so much on it that rows are filled with other files, and the focus on one', () => {
  it('when another is inserted before it, then Delete removes the one that was chosen', async () => {
    await write('many-100-and-more.yaml')
    await app.pass(100)
    expect(focusedFile()).toBe(FIRST)
    await press('Delete')
    expect(app.filesOf('node02')).not.toContain(FIRST)
    expect(app.filesOf('node02')).toHaveLength(90)
  })

  it('when it is taken away, then Delete removes no other', async () => {
    await app.bridge.call('manifest/remove', { lab: 'default', node: 'node02', name: FIRST })
    await app.pass(100)
    await press('Delete')
    expect(app.filesOf('node02')).toHaveLength(89)
  })
})
