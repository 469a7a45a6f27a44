import { describe, expect, it } from 'vitest'
import { computeBrowserCommand, computeWindowChoice } from './choose-window.ts'

const choose = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux', wantsBrowser = false): string =>
  computeWindowChoice({ platform, environment, wantsBrowser }).window

describe('computeWindowChoice', () => {
  it('given a display, when chosen, then it is Electron', () => {
    expect(choose({ DISPLAY: ':0' })).toBe('electron')
    expect(choose({ WAYLAND_DISPLAY: 'wayland-0' })).toBe('electron')
    expect(choose({}, 'darwin')).toBe('electron')
  })

  it('given no display, when chosen, then it is the browser, and says why', () => {
    const choice = computeWindowChoice({ platform: 'linux', environment: { DISPLAY: '' }, wantsBrowser: false })
    expect(choice).toEqual({ window: 'browser', reason: expect.stringContaining('no display') as string })
  })

  it('given a display and the wish for a browser, when chosen, then it is the browser', () => {
    expect(choose({ DISPLAY: ':0' }, 'linux', true)).toBe('browser')
  })
})

describe('computeBrowserCommand', () => {
  it("given a page, when asked, then it is each system's own command for it", () => {
    expect(computeBrowserCommand('linux', '/page.html')).toEqual(['xdg-open', '/page.html'])
    expect(computeBrowserCommand('darwin', '/page.html')).toEqual(['open', '/page.html'])
    expect(computeBrowserCommand('win32', 'C:\\page.html').at(-1)).toBe('C:\\page.html')
  })
})
