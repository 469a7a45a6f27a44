/** Keeps the watched actions up to date, once for the whole window: with every change, in every beat, and by asking the engine. */
import { useIntervalFn } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'
import { call } from '../bridge/client.ts'
import { useClusterStore } from '../stores/cluster-store.ts'
import { useConsequencesStore } from '../stores/consequences-store.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNodeContainersStore } from '../stores/node-containers-store.ts'
import { useViewsStore } from '../stores/views-store.ts'
import { useLiveState } from './use-live-state.ts'

const LOOK_MS = 500
const ENGINE_MS = 2_000

export function useConsequences(): void {
  const cluster = useClusterStore()
  const consequences = useConsequencesStore()
  const containers = useNodeContainersStore()
  const labs = useLabsStore()
  const views = useViewsStore()
  const liveOf = useLiveState()
  let isGone = false
  onScopeDispose(() => (isGone = true))

  const isWatching = (): boolean => consequences.watched.some((one) => !one.isConcluded)
  const look = (): void => {
    if (consequences.watched.length > 0) consequences.look(liveOf)
  }

  /** Nodes whose containers matter while their kubelets say nothing. */
  async function askEngine(): Promise<void> {
    const targets = new Map(
      consequences.watched
        .filter(({ action, isConcluded }) => !isConcluded && action.node !== '')
        .map(({ action: { lab, node } }) => [`${lab}/${node}`, { lab, node }]),
    )
    for (const target of targets.values()) {
      try {
        const list = await call('node/containers', target)
        if (!isGone) containers.set(target, list)
      } catch {
        // The engine is away: what it said before is not claimed any more.
        containers.forget(target)
      }
    }
    look()
  }

  useIntervalFn(look, LOOK_MS)
  useIntervalFn(() => {
    if (isWatching()) void askEngine()
  }, ENGINE_MS)
  watch(() => [cluster.views, labs.labs, views.views], look)
}
