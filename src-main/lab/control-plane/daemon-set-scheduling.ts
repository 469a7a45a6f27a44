/** The switch ScheduleDaemonSetPods in the manifest of kube-controller-manager: a flag when it is off, none when it is on. */
import { isScalar, isSeq, parseDocument, type Document, type YAMLSeq } from 'yaml'
import { isLabError, LabError } from '../../common/lab-error.ts'
import {
  FEATURE_GATES_FLAG,
  parseFeatureGates,
  readScheduleDaemonSetPods,
  SCHEDULE_DAEMON_SET_PODS,
} from '../../common/lab/daemon-set-scheduling.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import type { ControlPlaneChange } from '../../common/ipc/calls.ts'
import { requireLab, type LabContext } from '../lab-context.ts'
import { withLabLock } from '../lifecycle/lab-lock.ts'
import { ManifestFolder } from '../manifests/manifest-folder.ts'
import { findControlPlane } from '../store/compute-lab-spec.ts'
import type { LabStore } from '../store/lab-store.ts'

const MANIFEST = 'kube-controller-manager.yaml'

/** The lab with its record of the switch; on, which is the default, is recorded by leaving it out. */
export function withScheduling(spec: LabSpec, isOn: boolean): LabSpec {
  const { scheduleDaemonSetPods: _before, ...rest } = spec
  return isOn ? rest : { ...rest, scheduleDaemonSetPods: false }
}

/** Needs no engine: the kubelet that runs the manifest does the rest. @throws NotFound, Conflict */
export async function setScheduling(
  context: Pick<LabContext, 'store' | 'clock'>,
  lab: string,
  isOn: boolean,
): Promise<ControlPlaneChange> {
  await requireLab(context, lab)
  return withLabLock(context, lab, {}, async () => {
    const spec = await requireLab(context, lab)
    const change = await writeScheduling(context.store, spec, isOn)
    await context.store.write(withScheduling(spec, isOn))
    return change
  })
}

/** Only while holding the lab's lock. @throws Conflict when the lab has no control plane or the file is no such manifest */
export async function writeScheduling(store: LabStore, spec: LabSpec, isOn: boolean): Promise<ControlPlaneChange> {
  const node = findControlPlane(spec)
  if (node === undefined)
    throw new LabError({
      kind: 'Conflict',
      message: `the lab "${spec.name}" has no control plane, so nothing in it makes pods of DaemonSets`,
      remedy: `Add one with: node-lab up --control-plane --lab ${spec.name}`,
    })
  const folder = new ManifestFolder(store.layout.manifests(spec.name, node.name))
  const text = await readIfThere(folder)
  if (text === undefined) return { manifest: 'missing' }
  const changed = changeScheduling(text, isOn)
  if (changed === text) return { manifest: 'unchanged' }
  await folder.write(MANIFEST, changed, true)
  return { manifest: 'written' }
}

/** Pure: comments and everything else of the manifest stay, other gates too. @throws Conflict when it has no command to change */
export function changeScheduling(text: string, isOn: boolean): string {
  const document = parseDocument(text)
  const lists = document.errors.length > 0 ? [] : findCommands(document)
  const words = lists.flatMap((list) => list.items.map((item) => (isScalar(item) ? String(item.value) : '')))
  const [command] = lists
  if (command === undefined)
    throw new LabError({
      kind: 'Conflict',
      message: `${MANIFEST} has no command that could be given a flag: ${document.errors[0]?.message ?? 'spec.containers[0].command is missing'}`,
      remedy: 'Mend the file in the manifest folder, then try again.',
    })
  if (readScheduleDaemonSetPods(words) === isOn) return text
  const others = lists.flatMap((list) => takeGates(list)).filter(([name]) => name !== SCHEDULE_DAEMON_SET_PODS)
  const gates = isOn ? others : [...others, [SCHEDULE_DAEMON_SET_PODS, 'false'] as const]
  if (gates.length > 0) command.add(`${FEATURE_GATES_FLAG}=${gates.map((gate) => gate.join('=')).join(',')}`)
  return document.toString({ lineWidth: 0 })
}

function findCommands(document: Document): YAMLSeq[] {
  return ['command', 'args'].flatMap((key) => {
    const list: unknown = document.getIn(['spec', 'containers', 0, key])
    return isSeq(list) ? [list] : []
  })
}

/** Takes the flag out of the words, and answers what it said. */
function takeGates(list: YAMLSeq): [string, string][] {
  const gates: [string, string][] = []
  for (let index = list.items.length - 1; index >= 0; index--) {
    const item = list.items[index]
    const word = isScalar(item) ? String(item.value) : ''
    if (word !== FEATURE_GATES_FLAG && !word.startsWith(`${FEATURE_GATES_FLAG}=`)) continue
    const next = list.items[index + 1]
    const isApart = word === FEATURE_GATES_FLAG
    const value = isApart ? (isScalar(next) ? String(next.value) : '') : word.slice(FEATURE_GATES_FLAG.length + 1)
    list.items.splice(index, isApart ? 2 : 1)
    gates.unshift(...parseFeatureGates(value))
  }
  return gates
}

async function readIfThere(folder: ManifestFolder): Promise<string | undefined> {
  try {
    return (await folder.read(MANIFEST)).toString('utf8')
  } catch (error) {
    if (isLabError(error) && error.kind === 'NotFound') return undefined
    throw error
  }
}
