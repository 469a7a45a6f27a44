/** Waits until the API server answers and knows the lab's nodes, and gives the control plane's node its role. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { labStep, type LabText } from '../../common/lab/lab-texts.ts'
import { untilAborted } from '../../base/until-aborted.ts'
import { LabError } from '../../common/lab-error.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { API_SERVER_PORT, nodeContainerName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { runOnNode } from './run-on-node.ts'

/** etcd and the API server take a second each; a laptop under load has been seen to take far longer. */
const READY_SECONDS = 180
const AUTHORITY = '/etc/kubernetes/pki/ca.crt'
const ADMIN = '/etc/kubernetes/admin.conf'

/** What kubeadm marks its control plane with. */
const ROLE_LABELS = [
  'node-role.kubernetes.io/control-plane=',
  'node.kubernetes.io/exclude-from-external-load-balancers=',
]

export interface AwaitOptions {
  spec: LabSpec
  /** Of the control plane. */
  node: string
  /** Nodes that have to be registered. */
  members: readonly string[]
  onProgress: OnProgress
  signal: AbortSignal
}

/** Why there is nothing to wait for, as when a person took the API server's manifest away; `undefined` where there is. */
export async function whyNotServing(
  { store }: Pick<LabContext, 'store'>,
  engine: Engine,
  { name: lab }: LabSpec,
  node: string,
): Promise<LabText | undefined> {
  const details = await engine.inspectContainer(nodeContainerName(lab, node))
  if (details?.state !== 'running') return { text: 'node-off', values: { node } }
  const missing = ['etcd.yaml', 'kube-apiserver.yaml'].find((name) => {
    return !existsSync(path.join(store.layout.manifests(lab, node), name))
  })
  return missing === undefined ? undefined : { text: 'manifest-missing', values: { file: missing, node } }
}

/** @throws Timeout with the last words of what is not ready, Cancelled */
export async function awaitControlPlane(engine: Engine, options: AwaitOptions): Promise<void> {
  const { node, members, onProgress } = options
  const ready = `https://127.0.0.1:${API_SERVER_PORT}/readyz`
  onProgress(labStep('api-server-wait', { node }))
  // curl, not kubectl: of the two it is the one that is there at once.
  await until(engine, options, 'the API server does not answer', `curl -sSf --cacert ${AUTHORITY} ${ready}`)
  onProgress(labStep('nodes-wait'))
  await until(engine, options, 'not all nodes are registered', `kubectl get node ${members.join(' ')} -o name`)
  const label = `kubectl label --overwrite node ${node} ${ROLE_LABELS.join(' ')}`
  await until(engine, options, 'the node cannot be labelled', label)
}

/** Repeats a command on the control plane's node until it succeeds; one exec for all tries. */
async function until(
  engine: Engine,
  { spec, node, signal }: AwaitOptions,
  problem: string,
  command: string,
): Promise<void> {
  const script = `export KUBECONFIG=${ADMIN}; until said=$(timeout 5 ${command} 2>&1); do echo "$said" | tail -n 1 >&2; sleep 0.1; done`
  const tries = runOnNode(engine, nodeContainerName(spec.name, node), ['sh', '-c', script], {
    timeoutSeconds: READY_SECONDS,
  })
  // Nobody waits for a command that only asks: on the node it ends by its own time limit.
  const { exitCode, stderr } = await untilAborted(tries, signal)
  if (exitCode === 0) return
  const words = stderr.trim().split('\n').at(-1) ?? ''
  throw new LabError({
    kind: 'Timeout',
    message: `${problem} after ${READY_SECONDS} s${words === '' ? '' : `: ${words}`}`,
    remedy: `See its containers with: node-lab shell ${node} --lab ${spec.name} -- crictl ps -a`,
    details: { node },
  })
}
