/** Whether a node can be asked about its pods, by what the lab says of it. Pure. */
import type { LabStatus } from '@common/lab/lab-status.ts'
import { simulatedNodeNumber } from '@common/lab/simulated-nodes.ts'

/** `removed`: the lab is known and has no such node; an unknown lab has them all, for it may come yet. */
export type NodePresence = 'there' | 'off' | 'removed'

export function nodePresence(lab: LabStatus | undefined, node: string): NodePresence {
  if (lab === undefined || simulatedNodeNumber(node) !== undefined) return 'there'
  const state = lab.nodes.find(({ name }) => name === node)?.state
  if (state === undefined) return 'removed'
  return state === 'stopped' || state === 'stopping' || state === 'failed' ? 'off' : 'there'
}
