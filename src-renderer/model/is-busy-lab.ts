import type { LabStatus } from '@common/lab/lab-status.ts'

/** It is on its way from one state to another; until it is there, nothing is to be done with it as a whole. */
export function isBusyLab({ state }: LabStatus): boolean {
  return state === 'starting' || state === 'stopping' || state === 'deleting'
}
