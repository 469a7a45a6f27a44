/** The kubelet of a node by its unit, as a person at the node would do it. */
import { LabError } from '../../common/lab-error.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import { runOnNode } from '../control-plane/run-on-node.ts'
import { requireNode, type LabContext } from '../lab-context.ts'
import { requireRunningNode } from '../pods/running-nodes.ts'

const PAST: Readonly<Record<KubeletVerb, string>> = { start: 'started', stop: 'stopped', restart: 'restarted' }

/** A unit that does not end is killed after a minute and a half, as units are; then `systemctl` has an answer. */
const SYSTEMCTL_SECONDS = 120

export type KubeletVerb = 'start' | 'stop' | 'restart'

/** `systemctl VERB kubelet` on the node. @throws Conflict when the node does not run or systemctl fails */
export async function controlKubelet(context: LabContext, target: NodeTarget, verb: KubeletVerb): Promise<void> {
  const { lab, node } = target
  await requireNode(context, target)
  const engine = await context.engines.connect()
  await requireRunningNode(engine, target)
  const command = ['systemctl', verb, 'kubelet']
  const limit = { timeoutSeconds: SYSTEMCTL_SECONDS }
  const { exitCode, stdout, stderr } = await runOnNode(engine, nodeContainerName(lab, node), command, limit)
  if (exitCode === 0) return
  const words = `${stdout}${stderr}`.trim()
  throw new LabError({
    kind: 'Conflict',
    message: `the kubelet of ${node} could not be ${PAST[verb]}: ${words === '' ? `exit code ${exitCode}` : words}`,
    remedy: `Look at its unit and journal: node-lab shell ${node} -- systemctl status kubelet`,
  })
}
