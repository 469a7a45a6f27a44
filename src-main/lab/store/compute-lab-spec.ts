/** The `LabSpec` of a new lab, a lab with more nodes, and a lab whose addresses or ports were taken by somebody else. */
import { LabError } from '../../common/lab-error.ts'
import type { LabSpec, NodeRole, NodeSpec } from '../../common/lab/lab-spec.ts'
import { MAX_NODES } from '../../common/lab/lab-spec-validation.ts'
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

/** @throws AlreadyExists, Conflict when the lab is full */
export async function withNode(
  spec: LabSpec,
  name: string,
  choices: AddressChoices,
  role: NodeRole = 'worker',
): Promise<LabSpec> {
  if (spec.nodes.some((node) => node.name === name)) {
    throw new LabError({ kind: 'AlreadyExists', message: `the lab "${spec.name}" has a node "${name}" already` })
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
  }
  return { ...spec, nodes: [...spec.nodes, node] }
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
