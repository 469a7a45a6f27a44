/** A look at a lab, and what became of its parts between two looks. */
import type { Pod, PodList } from '../../../src-main/common/api/core.ts'
import { BOOT_LABEL, NODE_LABEL, ROLE_LABEL } from '../../../src-main/common/engine-labels.ts'
import { SANDBOX_ID_LABEL, POD_NAME_LABEL } from '../../../src-main/common/api/kubelet-labels.ts'
import { execIn, inspectContainer, type ContainerInspection } from '../engine-api.ts'
import type { TestLab } from '../test-lab.ts'
import type { Fate, Fates } from './life-table.ts'

/** Something that runs or not, and what it is told apart by from its successor. */
export interface Life {
  running: boolean
  /** Differs when something else does its work. */
  id: string
  /** Differs when the same thing has been started again. */
  startedAt: string
}

/** What the engine tells, which costs little to ask. */
export interface EngineSnapshot {
  /** All engine containers of the lab, the newest first. */
  containers: ContainerInspection[]
  kubelet: Life
}

export interface LifeSnapshot extends EngineSnapshot {
  /** Of the nodes that can be asked. */
  pods: Pod[]
}

export async function takeEngineSnapshot(lab: TestLab): Promise<EngineSnapshot> {
  const containers = await Promise.all((await lab.allContainers()).map((id) => inspectContainer(id)))
  return { containers, kubelet: await readKubelet(containers) }
}

/** With what the command line says. */
export async function takeSnapshot(lab: TestLab): Promise<LifeSnapshot> {
  const [snapshot, answer] = await Promise.all([takeEngineSnapshot(lab), lab.cli('pods', '-o', 'json')])
  const pods = answer.stdout === '' ? [] : (JSON.parse(answer.stdout) as PodList).items
  return { ...snapshot, pods }
}

/** The process that the node's init has started last. */
async function readKubelet(containers: ContainerInspection[]): Promise<Life> {
  const off = { running: false, id: '', startedAt: '' }
  const node = containers.find(isPart('node', 'node01'))
  if (node?.State.Running !== true) return off
  const answer = await execIn(node.Id, 'systemctl', 'show', 'kubelet', '-p', 'MainPID', '--value', '--no-pager')
  const pid = Number(answer)
  return pid === 0 ? off : { running: true, id: 'node01', startedAt: `${node.State.StartedAt}, process ${pid}` }
}

function isPart(role: string, node: string, pod?: string): (container: ContainerInspection) => boolean {
  return ({ Config: { Labels: labels } }) =>
    labels[ROLE_LABEL] === role && labels[NODE_LABEL] === node && (pod === undefined || labels[POD_NAME_LABEL] === pod)
}

/** Of the newest one; a thing that is not there is off. */
function lifeOf(snapshot: EngineSnapshot, role: string, node: string, pod?: string): Life {
  const all = snapshot.containers.filter(isPart(role, node, pod))
  const found = all.find(({ State: state }) => state.Running) ?? all[0]
  if (found === undefined) return { running: false, id: '', startedAt: '' }
  return { running: found.State.Running, id: found.Id, startedAt: found.State.StartedAt }
}

export function computeFate(before: Life, after: Life): Fate {
  if (!after.running) return 'off'
  if (after.id !== before.id) return 'made anew'
  return after.startedAt === before.startedAt ? 'lives' : 'restarts'
}

function restartCountOf({ pods }: LifeSnapshot, name: string): number | undefined {
  return pods.find((pod) => pod.metadata.name === name)?.status?.containerStatuses?.[0]?.restartCount
}

/** All but the restart count, which the engine does not know. */
export function computeEngineFates(before: EngineSnapshot, after: EngineSnapshot): Omit<Fates, 'restartCount'> {
  const fate = (role: string, node: string, pod?: string): Fate =>
    computeFate(lifeOf(before, role, node, pod), lifeOf(after, role, node, pod))
  const finished = (snapshot: EngineSnapshot): string => lifeOf(snapshot, 'container', 'node01', 'finished-node01').id
  return {
    node: fate('node', 'node01'),
    kubelet: computeFate(before.kubelet, after.kubelet),
    runtime: fate('runtime', 'node01'),
    sandbox: fate('sandbox', 'node01', 'plain-node01'),
    container: fate('container', 'node01', 'plain-node01'),
    beside: fate('container', 'node01', 'beside-node01'),
    finished: finished(before) === finished(after) ? 'stays' : 'runs again',
    otherNode: fate('container', 'node02', 'other-node02'),
  }
}

export function computeFates(before: LifeSnapshot, after: LifeSnapshot): Fates {
  const [countBefore, countAfter] = [restartCountOf(before, 'plain-node01'), restartCountOf(after, 'plain-node01')]
  const restartCount = countBefore === undefined || countAfter === undefined ? undefined : countAfter - countBefore
  return { ...computeEngineFates(before, after), restartCount }
}

/** What must never be, whatever happened: each as a sentence. Empty is right. */
export function findLies(snapshot: EngineSnapshot): string[] {
  const lies: string[] = []
  const running = snapshot.containers.filter(({ State: state }) => state.Running)
  for (const {
    Name: name,
    Config: { Labels: labels },
  } of running) {
    const role = labels[ROLE_LABEL]
    if (role === 'helper') lies.push(`${name} is a helper that nobody waits for`)
    if (role !== 'sandbox' && role !== 'container') continue
    const node = lifeOf(snapshot, 'node', labels[NODE_LABEL] ?? '')
    if (!node.running) lies.push(`${name} runs without its node`)
    else if (labels[BOOT_LABEL] !== node.startedAt) lies.push(`${name} runs and is of another boot of its node`)
    const sandbox = labels[SANDBOX_ID_LABEL]
    if (role === 'container' && !running.some(({ Id: id }) => id === sandbox))
      lies.push(`${name} runs without its sandbox`)
  }
  const names = running.map(({ Config: { Labels: labels } }) =>
    [ROLE_LABEL, NODE_LABEL, POD_NAME_LABEL].map((label) => labels[label] ?? '').join(' '),
  )
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
    lies.push(`more than one runs: ${name}`)
  return lies
}
