/** What a call is in the words of the journal, for the in-memory bridge. */
import type { IpcCallName, IpcCalls } from '@common/ipc/calls.ts'
import type { UserAction } from '@common/lab/user-action.ts'

type Draft = Omit<UserAction, 'id' | 'time'>
type Describe = { [Name in IpcCallName]?: (parameters: IpcCalls[Name]['parameters']) => Draft }

const DESCRIPTIONS: Describe = {
  'lab/up': ({ lab, controlPlane }) => ({ lab, kind: controlPlane === true ? 'ControlPlaneAdded' : 'LabStarted' }),
  'lab/down': ({ lab }) => ({ lab, kind: 'LabStopped' }),
  'control-plane/set': ({ lab }) => ({ lab, kind: 'SchedulingChanged' }),
  'cluster/delete-pod': ({ lab, namespace, pod }) => ({ lab, kind: 'ApiPodDeleted', pod: { namespace, name: pod } }),
  'node/add': ({ lab, node }) => ({ lab, kind: 'NodeAdded', ...(node !== undefined && { node }) }),
  'node/remove': ({ lab, node }) => ({ lab, node, kind: 'NodeRemoved' }),
  'node/start': ({ lab, node }) => ({ lab, node, kind: 'NodeStarted' }),
  'node/stop': ({ lab, node }) => ({ lab, node, kind: 'NodeStopped' }),
  'node/power-off': ({ lab, node }) => ({ lab, node, kind: 'NodePoweredOff' }),
  'node/set-schedulable': ({ lab, node, schedulable }) => ({
    lab,
    node,
    kind: schedulable ? 'NodeUncordoned' : 'NodeCordoned',
  }),
  'node/drain': ({ lab, node }) => ({ lab, node, kind: 'NodeDrained' }),
  'node/change-settings': ({ lab, node }) => ({ lab, node, kind: 'NodeSettingsChanged' }),
  'node/start-kubelet': ({ lab, node }) => ({ lab, node, kind: 'KubeletStarted' }),
  'node/stop-kubelet': ({ lab, node }) => ({ lab, node, kind: 'KubeletStopped' }),
  'component/start': ({ lab, component }) => ({ lab, component, kind: 'ComponentStarted' }),
  'component/stop': ({ lab, component }) => ({ lab, component, kind: 'ComponentStopped' }),
  'node/restart-kubelet': ({ lab, node }) => ({ lab, node, kind: 'KubeletRestarted' }),
  'manifest/apply': ({ lab, node, name, replace }) => ({
    lab,
    node,
    kind: replace === true ? 'ManifestReplaced' : 'ManifestAdded',
    file: name,
  }),
  'manifest/remove': ({ lab, node, name }) => ({ lab, node, kind: 'ManifestRemoved', file: name }),
  'pod/crash': ({ lab, node, namespace, pod, container }) => ({
    lab,
    node,
    kind: 'ContainerCrashed',
    pod: { namespace, name: pod },
    ...(container !== undefined && { container }),
  }),
}

/** `undefined` for what only reads. */
export function actionOfCall<Name extends IpcCallName>(
  name: Name,
  parameters: IpcCalls[Name]['parameters'],
): Draft | undefined {
  return DESCRIPTIONS[name]?.(parameters)
}
