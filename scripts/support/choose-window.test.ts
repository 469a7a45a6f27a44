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
  it('given Linux without a display, when asked, then nothing is opened', () => {
    expect(computeBrowserCommand('linux', {}, 'http://127.0.0.1:7474/')).toBeUndefined()
    expect(computeBrowserCommand('linux', { DISPLAY: ':0' }, 'http://127.0.0.1:7474/')?.[0]).toBe('xdg-open')
  })
})
