/** Labs to begin with. */
export interface Preset {
  id: 'one' | 'two' | 'cluster'
  /** Workers. */
  nodes: number
  controlPlane: boolean
}

export const PRESETS: readonly Preset[] = [
  { id: 'one', nodes: 1, controlPlane: false },
  { id: 'two', nodes: 2, controlPlane: false },
  { id: 'cluster', nodes: 2, controlPlane: true },
]

/** The name of a lab that is made beside those that are there. */
export function freeLabName(taken: readonly string[], preferred: string): string {
  if (!taken.includes(preferred)) return preferred
  let number = 2
  while (taken.includes(`lab${number}`)) number += 1
  return `lab${number}`
}
