/** Small settings of this window that outlive it. A browser may forbid storage; the settings then last as long as the page. */

export function readSetting(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    // Storage is switched off in this browser: the default counts.
    return null
  }
}

export function writeSetting(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Storage is switched off or full: the setting still holds for this page.
  }
}
