/** The `LabSpec` of a new lab, a lab with more nodes, and a lab whose addresses or ports were taken by somebody else. */
import { LabError } from '../../common/lab-error.ts'
import type { LabSpec, NodeRole, NodeSpec } from '../../common/lab/lab-spec.ts'
import { MAX_NODES } from '../../common/lab/lab-spec-validation.ts'
import {
  isReservedNodeName,
  listSimulatedNodes,
  MAX_SIMULATED_NODES,
  withMoreSimulatedNodes,
} from '../../common/lab/simulated-nodes.ts'
import { chooseNodeAddress, chooseSubnet, moveAddress } from '../network/choose-subnet.ts'

/** The name that training clusters give it. */
const CONTROL_PLANE_NAME = 'controlplane'

/** What has to be chosen outside: used address ranges, and ports. */
export interface AddressChoices {
  usedSubnets: readonly string[]
  /** Answers another port at every call. */
  nextPort(): Promise<number>
}

export async function newLabSpec(name: string, nodes: number, choices: AddressChoices): Promise<LabSpec> {
  const empty: LabSpec = {
    apiVersion: 'node-lab/v1',
    kind: 'Lab',
    name,
    subnet: chooseSubnet(choices.usedSubnets),
    outsideNetwork: true,
    nodes: [],
  }
  return growLabSpec(empty, nodes, choices)
}

/** The lab with at least so many workers; never with fewer than it has. */
export async function growLabSpec(spec: LabSpec, workers: number, choices: AddressChoices): Promise<LabSpec> {
  let grown = spec
  while (countWorkers(grown) < workers) grown = await withNode(grown, nextNodeName(grown), choices)
  return grown
}

export function countWorkers(spec: LabSpec): number {
  return spec.nodes.filter(({ role }) => role === 'worker').length
}

/** The node that the control plane runs on, if the lab has one. */
export function findControlPlane(spec: LabSpec): NodeSpec | undefined {
  return spec.nodes.find(({ role }) => role === 'control-plane')
}

/** The lab with a control plane; one that has one stays as it is. @throws Conflict when the lab is full */
export async function withControlPlane(spec: LabSpec, choices: AddressChoices): Promise<LabSpec> {
  if (findControlPlane(spec) !== undefined) return spec
  const isTaken = spec.nodes.some(({ name }) => name === CONTROL_PLANE_NAME)
  return withNode(spec, isTaken ? nextNodeName(spec) : CONTROL_PLANE_NAME, choices, 'control-plane')
}

/**
 * The lab with so many simulated nodes more.
 * @throws Conflict without a control plane, beyond the limit, and where a node has the name of one
 */
export function withSimulatedNodes(spec: LabSpec, count: number): LabSpec {
  const { name: lab, nodes, simulatedNodes = [] } = spec
  if (findControlPlane(spec) === undefined)
    throw new LabError({
      kind: 'Conflict',
      message: `simulated nodes are nodes of a cluster, and the lab "${lab}" has no control plane`,
      remedy: `Add one with: node-lab up --control-plane${lab === 'default' ? '' : ` --lab ${lab}`}`,
    })
  const clash = nodes.find(({ name }) => isReservedNodeName(name))
  if (clash !== undefined)
    throw new LabError({
      kind: 'Conflict',
      message: `the lab "${lab}" has a node "${clash.name}", which is the name of a simulated one`,
      remedy: `Remove that node: node-lab node remove ${clash.name}`,
    })
  const more = withMoreSimulatedNodes(simulatedNodes, count)
  if (more !== undefined) return { ...spec, simulatedNodes: more }
  const present = listSimulatedNodes(simulatedNodes).length
  throw new LabError({
    kind: 'Conflict',
    message: `a lab can have at most ${MAX_SIMULATED_NODES} simulated nodes${present === 0 ? '' : `; this one has ${present} already`}`,
  })
}

/** @throws AlreadyExists, Conflict when the lab is full or the name is kept for simulated nodes */
export async function withNode(
  spec: LabSpec,
  name: string,
  choices: AddressChoices,
  role: NodeRole = 'worker',
  addedBy?: string,
): Promise<LabSpec> {
  if (spec.nodes.some((node) => node.name === name)) {
    throw new LabError({ kind: 'AlreadyExists', message: `the lab "${spec.name}" has a node "${name}" already` })
  }
  if (isReservedNodeName(name)) {
    throw new LabError({
      kind: 'Conflict',
      message: `"${name}" is kept for simulated nodes`,
      remedy: 'Choose another name; simulated nodes are added by their number: node-lab node add --simulated 10',
    })
  }
  if (spec.nodes.length >= MAX_NODES) {
    throw new LabError({ kind: 'Conflict', message: `a lab can have at most ${MAX_NODES} nodes` })
  }
  const used = spec.nodes.map((node) => node.address)
  const node: NodeSpec = {
    name,
    role,
    address: chooseNodeAddress(spec.subnet, used),
    apiServerPort: await choices.nextPort(),
    ...(addedBy !== undefined && { addedBy }),
  }
  return { ...spec, nodes: [...spec.nodes, node] }
}

/** @throws Conflict for the control plane that simulated nodes belong to */
export function withoutNode(spec: LabSpec, name: string): LabSpec {
  const rest = { ...spec, nodes: spec.nodes.filter((node) => node.name !== name) }
  if (findControlPlane(rest) !== undefined || spec.simulatedNodes === undefined) return rest
  const { simulatedNodes, ...others } = rest
  if (simulatedNodes?.length === 0) return others
  throw new LabError({
    kind: 'Conflict',
    message: `the simulated nodes of the lab "${spec.name}" need its control plane`,
    remedy: 'Remove them first: node-lab node remove --simulated',
  })
}

/** `node01`, `node02`, …: the lowest number that is free. */
export function nextNodeName(spec: LabSpec): string {
  const names = new Set(spec.nodes.map((node) => node.name))
  for (let number = 1; ; number++) {
    const name = `node${String(number).padStart(2, '0')}`
    if (!names.has(name)) return name
  }
}

/** The lab on another subnet, its nodes at the same places in it. */
export function withNewSubnet(spec: LabSpec, usedSubnets: readonly string[]): LabSpec {
  const subnet = chooseSubnet([...usedSubnets, spec.subnet])
  const nodes: NodeSpec[] = []
  for (const node of spec.nodes) {
    const moved = moveAddress(node.address, spec.subnet, subnet)
    const used = nodes.map((other) => other.address)
    const address = moved === '' || used.includes(moved) ? chooseNodeAddress(subnet, used) : moved
    nodes.push({ ...node, address })
  }
  return { ...spec, subnet, nodes }
}

export function withNewPort(spec: LabSpec, name: string, apiServerPort: number): LabSpec {
  return { ...spec, nodes: spec.nodes.map((node) => (node.name === name ? { ...node, apiServerPort } : node)) }
}
