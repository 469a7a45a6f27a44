/** Durations as Go prints them (`10s`, `1m20s`, `5m0s`): the kubelet writes them into its messages. */

const PART = /(\d+(?:\.\d+)?)(h|ms|m|s)/g
const SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 }

/** Seconds, or `undefined` when the text is no duration. */
export function parseGoDuration(text: string): number | undefined {
  const parts = [...text.matchAll(PART)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (SECONDS[unit ?? 's'] ?? 0), 0)
}
