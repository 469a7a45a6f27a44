/** The API server's events about one pod, read anew whenever the pod changes. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Pod } from '@common/api/core.ts'
import type { ApiEvent } from '@common/lab/api-event.ts'
import { call } from '../bridge/client.ts'
import { isEventAbout } from '../model/pod-events.ts'

/** Empty while there are none, for a pod that the server does not have, and while the server cannot be asked: that it is away is told elsewhere. */
export function usePodEvents(
  lab: Readonly<Ref<string>>,
  pod: Readonly<Ref<Pod | undefined>>,
  isServerReady: Readonly<Ref<boolean>>,
): Readonly<ShallowRef<readonly ApiEvent[]>> {
  const events = shallowRef<readonly ApiEvent[]>([])
  let latest = 0

  watch(
    [lab, pod, isServerReady],
    async ([ofLab, about, isReady], [, before]) => {
      const turn = ++latest
      if (before?.metadata.uid !== about?.metadata.uid) events.value = []
      if (!isReady || about === undefined) return
      const { metadata } = about
      const { namespace = 'default', name = '' } = metadata
      const read = await call('cluster/pod-events', { lab: ofLab, namespace, pod: name }).catch(() => undefined)
      // What was told of an earlier pod of this name is not about this one.
      if (turn === latest && read !== undefined) events.value = read.filter((event) => isEventAbout(event, about))
    },
    { immediate: true },
  )
  onScopeDispose(() => (latest += 1))

  return events
}
