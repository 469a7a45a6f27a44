/** The offer of a control plane to a lab that has none: whether it can be taken now, and whether it has been. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { LabStatus } from '@common/lab/lab-status.ts'
import { useLabActions } from './use-lab-actions.ts'

export interface ControlPlaneOffer {
  /** It is being added. */
  isTaken: Readonly<Ref<boolean>>
  canTake: ComputedRef<boolean>
  take(): Promise<void>
}

export function useAddControlPlane(lab: () => LabStatus): ControlPlaneOffer {
  const actions = useLabActions()
  const isTaken = ref(false)
  const canTake = computed(() => !isTaken.value && (lab().state === 'running' || lab().state === 'degraded'))

  async function take(): Promise<void> {
    isTaken.value = true
    await actions.addControlPlane(lab().name)
    isTaken.value = false
  }

  return { isTaken, canTake, take }
}
