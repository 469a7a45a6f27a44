/** Small settings of this window that outlive it. A browser may forbid storage; the settings then last as long as the page. */

export function readSetting(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    // Storage is switched off in this browser: the default counts.
    return null
  }
}

/** @returns false when it holds for this page only */
export function writeSetting(key: string, value: string): boolean {
  try {
    localStorage.setItem(key, value)
    return true
  } catch {
    // Storage is switched off or full: whoever sets it still has it.
    return false
  }
}
