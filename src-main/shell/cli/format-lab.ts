/** Labs, nodes and files as text for people. */
import type { EngineStatus, LabStatus, NodeStatus, SimulatedNodesStatus } from '../../common/lab/lab-status.ts'
import { formatTable } from './output.ts'

export function formatEngine(engine: EngineStatus): string {
  const version =
    engine.version === undefined
      ? ''
      : `, ${engine.name ?? 'engine'} ${engine.version}, API ${engine.apiVersion ?? '?'}`
  return `engine   ${engine.state} at ${engine.endpoint}${version}${engine.message === undefined ? '' : ` (${engine.message})`}`
}

/** The lab in a few lines: its state, and each node with its folder. */
export function formatLab(lab: LabStatus): string[] {
  const header = [`lab      ${lab.name}: ${lab.state}${lab.message === undefined ? '' : ` (${lab.message})`}`]
  if (lab.nodes.length === 0) return header
  const { simulatedNodes } = lab
  const rows = lab.nodes.map((node) => [node.name, describeNode(node), node.address, node.manifestsPath])
  if (lab.apiServer !== undefined) {
    header.push(`api      ${lab.apiServer.endpoint} on ${lab.apiServer.node}`, `config   ${lab.apiServer.kubeconfig}`)
  }
  if (simulatedNodes !== undefined) header.push(...formatSimulated(simulatedNodes))
  return [...header, '', ...formatTable(['NODE', 'STATE', 'ADDRESS', 'MANIFEST FOLDER'], rows)]
}

function formatSimulated({ count, names, container, manifestsPath }: SimulatedNodesStatus): string[] {
  const nodes = count === 1 ? 'one node' : `${count} nodes`
  return [`simulated ${nodes} (${names.join(', ')}), their container is ${container}`, `         ${manifestsPath}`]
}

/** The state of a node in a word or two: what does not work comes first. */
export function describeNode(node: NodeStatus): string {
  if (node.state !== 'running') return node.state
  if (node.kubelet !== 'running') return `kubelet ${node.kubelet}`
  if (node.runtimeService !== 'running') return `runtime service ${node.runtimeService}`
  return node.kubeletInfo?.runtimeReady === false ? 'runtime not ready' : 'ready'
}
