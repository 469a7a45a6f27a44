/** Shows and changes the settings of one node, as a person on it would: its files, then a restart of its kubelet. */
import type { NodeTarget } from '../../../common/ipc/calls.ts'
import { LabError } from '../../../common/lab-error.ts'
import { labStep } from '../../../common/lab/lab-texts.ts'
import {
  nodeSettingFault,
  NODE_SETTING_NAMES,
  NO_DISK,
  type NodeSetting,
  type NodeSettingChange,
} from '../../../common/lab/node-settings.ts'
import { LAB_LABEL, NODE_LABEL } from '../../../common/engine-labels.ts'
import { KUBELET_CONFIGURATION, KUBELET_FLAGS, nodeContainerName, nodeVolumeName } from '../../../common/node-layout.ts'
import { placeFiles } from '../../control-plane/files-on-node.ts'
import { readVolumeFiles } from '../../archive/read-volume-files.ts'
import type { Engine } from '../../engine/engine.ts'
import { requireNode, type LabContext } from '../../lab-context.ts'
import type { OnProgress } from '../../lab-manager.ts'
import { withLabLock } from '../../lifecycle/lab-lock.ts'
import type { Begun } from '../../lifecycle/run-lab-task.ts'
import { requireRunningNode } from '../../pods/running-nodes.ts'
import { controlKubelet } from '../control-kubelet.ts'
import { waitForKubelets } from '../wait-for-kubelets.ts'
import { changeNodeTexts, readNodeTexts, type NodeTexts } from './change-node-files.ts'

interface SettingsWork extends Begun {
  target: NodeTarget
  change: NodeSettingChange
  report: OnProgress
}

/** Whether the node runs or not. @throws NotFound, Conflict when its configuration cannot be read */
export async function readNodeSettings(context: LabContext, target: NodeTarget): Promise<NodeSetting[]> {
  await requireNode(context, target)
  return readNodeTexts(await readTexts(context, await context.engines.connect(), target))
}

/**
 * Kept over restarts, since the files are on the node's disk. One kubelet restart, over which containers run on; then pods are admitted anew.
 * @throws BadRequest for a value that cannot be, Conflict when the node does not run or its kubelet does not come back
 */
export async function changeNodeSettings(
  context: LabContext,
  target: NodeTarget,
  change: NodeSettingChange,
  { onBegun }: Begun = {},
): Promise<NodeSetting[]> {
  refuseFaults(change)
  await requireNode(context, target)
  const engine = await context.engines.connect()
  await requireRunningNode(engine, target)
  const { lab, node } = target
  const task = { onProgress: undefined, isCancellable: false }
  return context.tasks.run('node-settings', `${lab}/${node}`, task, (report) =>
    writeSettings(context, engine, { target, change, report, ...(onBegun !== undefined && { onBegun }) }),
  )
}

async function writeSettings(
  context: LabContext,
  engine: Engine,
  { target, change, report, onBegun }: SettingsWork,
): Promise<NodeSetting[]> {
  const { lab, node } = target
  const changed = await withLabLock(context, lab, { onProgress: report, task: 'node-settings' }, async () => {
    report(labStep('settings-write'))
    const before = await readTexts(context, engine, target)
    const after = changeNodeTexts(before, change)
    if (after.configuration === before.configuration && after.flags === before.flags) return before
    const files = [
      ...(after.configuration === before.configuration
        ? []
        : [{ path: KUBELET_CONFIGURATION, content: after.configuration, mode: 0o644 }]),
      ...(after.flags === before.flags ? [] : [{ path: KUBELET_FLAGS, content: after.flags, mode: 0o644 }]),
    ]
    await placeFiles(engine, nodeContainerName(lab, node), node, files)
    onBegun?.()
    report(labStep('kubelet-restart'))
    await controlKubelet(context, target, 'restart')
    return after
  })
  await waitForKubelets(context, engine, { lab, nodes: [node], onProgress: report })
  return readNodeTexts(changed)
}

function refuseFaults(change: NodeSettingChange): void {
  for (const name of NODE_SETTING_NAMES) {
    const value = change[name]
    const fault = typeof value === 'string' ? nodeSettingFault(name, value) : undefined
    if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault, details: { field: name } })
  }
}

/** From its disk, which is there when the node is not. @throws LabError Conflict for a node that was never started */
async function readTexts({ store }: LabContext, engine: Engine, { lab, node }: NodeTarget): Promise<NodeTexts> {
  const volumes = await engine.listVolumes({ [LAB_LABEL]: lab, [NODE_LABEL]: node })
  // The engine would make one without labels of ours.
  if (!volumes.some(({ name }) => name === nodeVolumeName(lab, node)))
    throw new LabError({
      kind: 'Conflict',
      message: `the node ${node} of the lab "${lab}" has no disk yet, and so no settings`,
      remedy: `Start it once: node-lab up --lab ${lab}`,
      details: { reason: NO_DISK },
    })
  const wanted = new Map([[node, [KUBELET_CONFIGURATION, KUBELET_FLAGS]]])
  const read = (await readVolumeFiles(engine, { home: store.layout.home, lab, wanted })).get(node)
  const textOf = (file: string): string => read?.files.get(file)?.toString('utf8') ?? ''
  return { configuration: textOf(KUBELET_CONFIGURATION), flags: textOf(KUBELET_FLAGS) }
}
