/** The sample agents of the shelf in a lab with a control plane, as DaemonSets. */
import type { Pod, PodList } from '../../src-main/common/api/core.ts'
import { isPodReady } from '../../src-main/common/api/pod-helpers.ts'
import type { ControlPlaneLab } from './control-plane-lab.ts'
import { run } from './test-lab.ts'
import { waitUntil } from './wait-until.ts'

/** Names of the DaemonSets and, as `app`, labels of their pods. */
export const AGENTS = ['log-collector', 'node-monitor']

const SELECTOR = `app in (${AGENTS.join(',')})`

/** As `node-lab samples` prints it. @throws when there is none of that name */
export async function readSample(lab: ControlPlaneLab, name: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(process.execPath, [lab.program, 'samples', name], lab.environment)
  if (exitCode !== 0) throw new Error(stderr)
  return stdout
}

export async function listAgents(lab: ControlPlaneLab): Promise<Pod[]> {
  return (await lab.kubectlJson<PodList>('get', 'pods', '-n', 'kube-system', '-l', SELECTOR)).items
}

export async function deleteAgents(lab: ControlPlaneLab): Promise<void> {
  await lab.kubectlOk(['delete', 'pods', '-n', 'kube-system', '-l', SELECTOR, '--grace-period=1'])
}

/** One of each on each of these nodes, ready, and no others: the control plane's taint is not tolerated. */
export function waitForAgents(lab: ControlPlaneLab, nodes: readonly string[]): Promise<Pod[]> {
  const wanted = AGENTS.flatMap((name) => nodes.map((node) => `${name} ${node}`)).toSorted()
  return waitUntil({ what: 'the agents', timeoutSeconds: 120, intervalMs: 500 }, async () => {
    const pods = await listAgents(lab)
    const places = pods.filter(isPodReady).map(({ metadata, spec }) => `${metadata.labels?.['app']} ${spec.nodeName}`)
    if (pods.length !== wanted.length || places.toSorted().join() !== wanted.join())
      throw new Error(JSON.stringify(pods.map(({ metadata, spec, status }) => [metadata.name, spec.nodeName, status])))
    return pods
  })
}
