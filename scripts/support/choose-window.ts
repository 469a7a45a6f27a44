/** Electron's window or the browser: decided once, with the sentence that says why. */

export interface WindowConditions {
  platform: NodeJS.Platform
  environment: NodeJS.ProcessEnv
  /** Asked for by `--browser`. */
  wantsBrowser: boolean
}

export type WindowChoice = { window: 'electron' } | { window: 'browser'; reason: string }

/** Whether a window can be shown here at all; whether Electron's program is there is asked only afterwards. */
export function computeWindowChoice(conditions: WindowConditions): WindowChoice {
  if (conditions.wantsBrowser) return { window: 'browser', reason: 'As asked for, the app is served to a browser.' }
  if (!hasDisplay(conditions.platform, conditions.environment)) {
    return { window: 'browser', reason: 'There is no display for a window here, so the app is served to a browser.' }
  }
  return { window: 'electron' }
}

/** macOS and Windows always have one; elsewhere a display server says so in the environment. */
export function hasDisplay(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY'])
}

/** Program and arguments that open a page on disk in the user's browser. Other users can read them: no secrets. */
export function computeBrowserCommand(platform: NodeJS.Platform, page: string): [program: string, ...words: string[]] {
  if (platform === 'darwin') return ['open', page]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', page]
  return ['xdg-open', page]
}
