/** Hundreds of simulated nodes: how soon a DaemonSet runs on all of them, and what a control plane uses that has nothing to do. */
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { containerUsage } from './container-usage.ts'
import { milliseconds, type Row } from './measure.ts'

const PODS_PER_NODE = 30
const ROLLOUT_BUDGET_MS = 20_000
const CONTROL_PLANE_BUDGET_PERCENT = 10
const MEMORY_BUDGET_BYTES = 600_000_000
/** Status posts and events of what has just started have been sent by then. */
const SETTLE_MS = 60_000
const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']

export async function measureSimulatedNodes(
  progress: (message: string) => void,
  nodes: number,
  idleSeconds: number,
): Promise<Row[]> {
  const lab = new ControlPlaneLab('bench-simulated')
  try {
    await lab.up('--nodes', '1')
    progress(`${nodes} simulated nodes`)
    const beganMs = performance.now()
    await lab.ok('node', 'add', '--simulated', String(nodes))
    const addedMs = performance.now() - beganMs
    for (let index = 1; index < PODS_PER_NODE; index++) {
      progress(`DaemonSet ${index} of ${PODS_PER_NODE} over ${nodes} nodes`)
      await rollOut(lab, `agent-${index}`)
    }
    const rolloutMs = await rollOut(lab, 'agent-new')
    progress(`idle for ${idleSeconds} s with ${nodes * PODS_PER_NODE} pods`)
    await pause(SETTLE_MS)
    return [
      { what: `node add --simulated ${nodes}`, value: milliseconds(addedMs) },
      {
        what: `a new DaemonSet → ready on ${nodes} nodes of ${PODS_PER_NODE} pods`,
        value: milliseconds(rolloutMs),
        budget: `≤ ${milliseconds(ROLLOUT_BUDGET_MS)}`,
        withinBudget: rolloutMs <= ROLLOUT_BUDGET_MS,
      },
      ...(await idle(lab, nodes, idleSeconds)),
    ]
  } finally {
    await lab.dispose()
  }
}

/** Milliseconds until `kubectl rollout status` says that the DaemonSet is available on all of the nodes. */
async function rollOut(lab: ControlPlaneLab, name: string): Promise<number> {
  const labels = { app: name }
  const template = {
    metadata: { labels },
    spec: { nodeSelector: { 'io.node-lab/simulated': 'true' }, containers: [{ name: 'agent', image: 'busybox:1.36' }] },
  }
  const set = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template },
  }
  const beganMs = performance.now()
  await lab.kubectlOk(['apply', '-f', '-'], { input: JSON.stringify(set) })
  // One process that watches: asking again and again by kubectl would use a quarter of the machine.
  await lab.kubectlOk(['rollout', 'status', `daemonset/${name}`], { timeoutSeconds: 300 })
  return performance.now() - beganMs
}

async function idle(lab: ControlPlaneLab, nodes: number, seconds: number): Promise<Row[]> {
  const containers = await Promise.all(
    COMPONENTS.map(
      async (name) => (await lab.containers('container', `label=io.kubernetes.container.name=${name}`))[0] ?? '',
    ),
  )
  const used = async (): Promise<number[]> =>
    Promise.all(containers.map(async (container) => (await containerUsage(container)).cpuSeconds))
  const before = await used()
  const beganMs = performance.now()
  await pause(seconds * 1000)
  const after = await used()
  const passedSeconds = (performance.now() - beganMs) / 1000
  const percents = after.map((value, index) => ((value - (before[index] ?? 0)) / passedSeconds) * 100)
  const percent = percents.reduce((sum, one) => sum + one, 0)
  const { privateBytes } = await containerUsage(`node-lab.${lab.name}.simulated`)
  const parts = COMPONENTS.map((name, index) => `${name} ${percents[index]?.toFixed(1)}`).join(', ')
  return [
    {
      what: `control plane of ${nodes} nodes, idle: CPU of one core (${parts})`,
      value: `${percent.toFixed(1)} %`,
      budget: `≤ ${CONTROL_PLANE_BUDGET_PERCENT} %`,
      withinBudget: percent <= CONTROL_PLANE_BUDGET_PERCENT,
    },
    {
      what: `${nodes} simulated nodes of ${PODS_PER_NODE} pods: private memory`,
      value: `${(privateBytes / 1_000_000).toFixed(0)} MB`,
      budget: `≤ ${MEMORY_BUDGET_BYTES / 1_000_000} MB`,
      withinBudget: privateBytes <= MEMORY_BUDGET_BYTES,
    },
  ]
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
