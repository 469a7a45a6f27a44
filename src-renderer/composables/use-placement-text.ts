/** What will come of a manifest on a node, in one sentence of the user's language: in previews, aloud, and in the note that follows. */
import { useI18n } from 'vue-i18n'
import type { Placement, PodEffect } from '../model/placement.ts'
import { useVerdictText } from './use-verdict-text.ts'

export interface PlacedWhere {
  /** Of the file. */
  name: string
  node: string
  /** Whether a kubelet is there that reads it at once. */
  isRead: boolean
}

const KEYS: Readonly<Record<Exclude<PodEffect, 'starts'>, string>> = {
  'starts-in-part': 'drop.podInPart',
  'never-starts': 'drop.podNever',
  unchanged: 'drop.podUnchanged',
  'pushed-aside': 'drop.podAside',
}

export function usePlacementText(): (placement: Placement, where: PlacedWhere) => string {
  const { t } = useI18n()
  const verdict = useVerdictText()

  return ({ outcome, duplicateOf = '' }, { name, node, isRead }) => {
    if (outcome.kind === 'refused') {
      const { reason, manifestKind } = outcome
      const because = verdict.reasonOf(reason, manifestKind === undefined ? {} : { kind: manifestKind })
      return t('drop.refused', { node, reason: because })
    }
    const { effect, podName: pod } = outcome
    if (effect === 'starts') return t(isRead ? 'drop.pod' : 'drop.podLater', { pod, node })
    return t(KEYS[effect], { pod, node, name, file: duplicateOf })
  }
}

/** Whether what was put there does not do what most manifests do: start a pod, or leave the same one running. */
export function isInVain({ outcome }: Placement): boolean {
  return outcome.kind === 'refused' || !['starts', 'unchanged'].includes(outcome.effect)
}
