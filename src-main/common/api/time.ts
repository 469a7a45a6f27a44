/** Times as the API writes them: `meta/v1` Time has seconds, MicroTime six digits behind the point; both in UTC. */
import type { Time } from './meta.ts'

/** @param ms since the epoch */
export function formatTime(ms: number): Time {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** @param ms since the epoch */
export function formatMicroTime(ms: number): Time {
  return new Date(ms).toISOString().replace('Z', '000Z')
}
