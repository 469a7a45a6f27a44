/** What was recorded and is not a case here, and why. */
import type { KubeletCase } from './kubelet-case.ts'

export interface NotShown {
  recorded: string
  why: string
  source: KubeletCase['source']
}

export const NOT_SHOWN: readonly NotShown[] = []
