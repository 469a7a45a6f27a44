/** Actions that are explained before, done, and watched afterwards. */
import { useI18n } from 'vue-i18n'
import { call } from '../bridge/client.ts'
import type { ExplainedAction } from '../model/consequences/explained-action.ts'
import { useActionSheetStore } from '../stores/action-sheet-store.ts'
import { useConsequencesStore } from '../stores/consequences-store.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNodeContainersStore } from '../stores/node-containers-store.ts'
import { useLiveState } from './use-live-state.ts'
import { useNotify } from './use-notify.ts'

export interface ExplainedActions {
  /** Explains it, unless its kind was explained often enough; then it is done at once. */
  ask(action: ExplainedAction): Promise<boolean>
  /** Does it, and watches what follows. Answers whether it was done. */
  perform(action: ExplainedAction): Promise<boolean>
}

export function useExplainedActions(): ExplainedActions {
  const consequences = useConsequencesStore()
  const containers = useNodeContainersStore()
  const labs = useLabsStore()
  const liveOf = useLiveState()
  const notify = useNotify()
  const sheet = useActionSheetStore()
  const { t } = useI18n()

  async function ask(action: ExplainedAction): Promise<boolean> {
    if (sheet.isSilenced(action)) return perform(action)
    sheet.open(action)
    return true
  }

  async function perform(action: ExplainedAction): Promise<boolean> {
    await lookAtContainers(action)
    const id = consequences.begin(action, liveOf(action))
    const isDone = await notify.attempt(t(`actions.failed.${action.kind}`, subjectOf(action)), () => run(action, id))
    if (!isDone) consequences.dismiss(id)
    return isDone
  }

  /** What ran before; where the engine does not say it, the kubelet's word has to do. */
  async function lookAtContainers({ lab, node }: ExplainedAction): Promise<void> {
    const target = { lab, node }
    if (node === '') return
    try {
      containers.set(target, await call('node/containers', target))
    } catch {
      containers.forget(target)
    }
  }

  async function run(action: ExplainedAction, watched: number): Promise<void> {
    const { lab, node } = action
    switch (action.kind) {
      case 'ContainerCrashed': {
        const { container, pod } = action
        const target = { lab, node, namespace: pod.namespace, pod: pod.name }
        await call('pod/crash', container === undefined ? target : { ...target, container })
        return
      }
      case 'KubeletStopped':
        await call('node/stop-kubelet', { lab, node })
        return
      case 'KubeletStarted':
        await call('node/start-kubelet', { lab, node })
        return
      case 'KubeletRestarted':
        await call('node/restart-kubelet', { lab, node })
        return
      case 'NodeStopped':
        return labs.setLab(await call('node/stop', { lab, node }))
      case 'NodePoweredOff':
        return labs.setLab(await call('node/power-off', { lab, node }))
      case 'NodeStarted':
        return labs.setLab(await call('node/start', { lab, node }))
      case 'NodeCordoned':
      case 'NodeUncordoned':
        await call('node/set-schedulable', { lab, node, schedulable: action.kind === 'NodeUncordoned' })
        return
      case 'NodeDrained':
        return consequences.learn(watched, await call('node/drain', { lab, node }))
      case 'ComponentStopped':
        await call('component/stop', { lab, component: action.component })
        return
      case 'ComponentStarted':
        await call('component/start', { lab, component: action.component })
        return
      case 'ApiPodDeleted':
        await call('cluster/delete-pod', { lab, namespace: action.pod.namespace, pod: action.pod.name })
        return
    }
  }

  return { ask, perform }
}

/** Names for sentences about an action. */
export function subjectOf(action: ExplainedAction): Record<'node' | 'pod' | 'container' | 'component', string> {
  return {
    node: action.node,
    pod: 'pod' in action ? action.pod.name : '',
    container: action.kind === 'ContainerCrashed' ? (action.container ?? action.pod.name) : '',
    component: 'component' in action ? action.component : '',
  }
}
