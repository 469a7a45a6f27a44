/** Hands a file to the person at the screen, as a download. */

/** Long enough for a browser to have taken it up. */
const KEPT_MS = 60_000

export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}

/** `node-lab-<lab>-<what>-2026-11-24T12-00-00Z.<extension>`: sorts by time, and is a name on every system. */
export function exportName(lab: string, what: 'timeline' | 'compare', nowMs: number, extension: string): string {
  const time = `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  const safe = lab.replaceAll(/[^\w.-]/g, '_')
  return `node-lab-${safe}-${what}-${time}.${extension}`
}
