/** Commands of the palette: what can be done to the nodes, the components and the running pods of the lab that is looked at. */
import {
  Ban,
  CircleCheck,
  CirclePause,
  CirclePlay,
  CircleStop,
  LogOut,
  Play,
  Power,
  RotateCw,
  Unplug,
  Zap,
} from '@lucide/vue'
import { computed, type Component } from 'vue'
import { useI18n } from 'vue-i18n'
import { CONTROL_PLANE_COMPONENTS } from '@common/lab/control-plane-components.ts'
import type { LabStatus, NodeStatus } from '@common/lab/lab-status.ts'
import { useCommands } from '../../composables/use-commands.ts'
import { subjectOf, useExplainedActions } from '../../composables/use-explained-actions.ts'
import type { Command, CommandGroup } from '../../model/command.ts'
import type {
  ExplainedAction,
  NodeActionKind,
  SchedulingActionKind,
} from '../../model/consequences/explained-action.ts'
import { firstRunningContainer } from '../../model/pod-moments.ts'
import { useClusterStore } from '../../stores/cluster-store.ts'
import { useLabsStore } from '../../stores/labs-store.ts'
import { useViewsStore } from '../../stores/views-store.ts'

/** A pod is deleted where its object is looked at: there one sees which of the two it is. */
type CommandedAction = Exclude<ExplainedAction, { kind: 'ApiPodDeleted' }>

const ICONS: Record<CommandedAction['kind'], Component> = {
  KubeletStopped: CirclePause,
  KubeletStarted: CirclePlay,
  KubeletRestarted: RotateCw,
  NodeStopped: Power,
  NodePoweredOff: Unplug,
  NodeStarted: Play,
  NodeCordoned: Ban,
  NodeUncordoned: CircleCheck,
  NodeDrained: LogOut,
  ComponentStopped: CircleStop,
  ComponentStarted: CirclePlay,
  ContainerCrashed: Zap,
}

export function useActionCommands(): void {
  const actions = useExplainedActions()
  const cluster = useClusterStore()
  const labs = useLabsStore()
  const views = useViewsStore()
  const { t } = useI18n()
  const lab = computed(() => labs.current)

  /** `subject`: names it among all that the same could be done to. */
  function command(group: CommandGroup, action: CommandedAction, subject: string): Command {
    return {
      id: `${action.kind}-${subject}`,
      group,
      title: t(`palette.action.${action.kind}`, subjectOf(action)),
      icon: ICONS[action.kind],
      run: () => actions.ask(action),
    }
  }

  function nodeCommands({ name: labName, nodes }: LabStatus): Command[] {
    return nodes.flatMap((node) =>
      [...kindsFor(node), ...schedulingKindsFor(labName, node.name)].map((kind) =>
        command('nodes', { kind, lab: labName, node: node.name }, node.name),
      ),
    )
  }

  function schedulingKindsFor(labName: string, name: string): SchedulingActionKind[] {
    const view = cluster.viewOf(labName)
    const node = view?.nodes.find((one) => one.name === name)
    if (view?.state !== 'ready' || node === undefined) return []
    return [node.unschedulable ? 'NodeUncordoned' : 'NodeCordoned', 'NodeDrained']
  }

  function componentCommands({ name: labName, apiServer }: LabStatus): Command[] {
    if (apiServer === undefined) return []
    const { node } = apiServer
    const placed = new Set(views.filesOf(labName, node).map(({ name }) => name))
    return CONTROL_PLANE_COMPONENTS.map((component) => {
      const kind = placed.has(`${component}.yaml`) ? 'ComponentStopped' : 'ComponentStarted'
      return command('lab', { kind, lab: labName, node, component }, component)
    })
  }

  function podCommands({ name: labName, nodes }: LabStatus): Command[] {
    return nodes.flatMap(({ name: node }) =>
      (views.viewOf(labName, node)?.pods ?? []).flatMap((pod) => {
        const container = firstRunningContainer(pod)
        const { namespace = 'default', name = '' } = pod.metadata
        if (container === undefined) return []
        const action = { kind: 'ContainerCrashed', lab: labName, node, pod: { namespace, name }, container } as const
        return [{ ...command('pods', action, `${node}/${namespace}/${name}`), detail: node }]
      }),
    )
  }

  useCommands(() => {
    if (lab.value === undefined) return []
    return [...nodeCommands(lab.value), ...componentCommands(lab.value), ...podCommands(lab.value)]
  })
}

function kindsFor({ state, kubelet }: NodeStatus): NodeActionKind[] {
  switch (state) {
    case 'running':
      return [
        kubelet === 'stopped' ? 'KubeletStarted' : 'KubeletStopped',
        'KubeletRestarted',
        'NodeStopped',
        'NodePoweredOff',
      ]
    case 'stopped':
    case 'absent':
    case 'failed':
      return ['NodeStarted']
    case 'starting':
    case 'stopping':
      return []
  }
}
