/** `lab.yaml`: text → `LabSpec` and back. Whatever is not as it has to be is refused with the field, the line and what to do. */
import { stringify } from 'yaml'
import { LabError } from '../lab-error.ts'
import { positionAt, type MapEntry, type TreeNode } from '../manifest/manifest-tree.ts'
import { parseYAMLTree } from '../manifest/yaml-tree.ts'
import { formatIPv4, isNodeAddress, parseIPv4, parseIPv4Subnet, type IPv4Subnet } from './ipv4-subnet.ts'
import type { LabSpec, NodeRole, NodeSpec } from './lab-spec.ts'
import { labNameFault, nodeNameFault } from './names.ts'
import { formatSimulatedNodes, isReservedNodeName, listSimulatedNodes, simulatedRangeFault } from './simulated-nodes.ts'

/** More nodes than a laptop carries. */
export const MAX_NODES = 50
const MIN_PORT = 1024
const MAX_PORT = 65535
const MIN_PREFIX = 16
const MAX_PREFIX = 28

/**
 * Reads and checks `lab.yaml`. `source` names the file in messages.
 * @throws LabError BadRequest with `details.field` and `details.line`; the first fault only
 */
export function parseLabSpec(text: string, source = 'lab.yaml'): LabSpec {
  const parsed = parseYAMLTree(text)
  if (!parsed.ok) {
    const { message, line } = parsed.fault
    throw refusal(source, '', line, message, 'Mend the YAML at that place, or restore the file.')
  }
  const reader = new Reader(text, source)
  if (parsed.more) reader.refuse('', parsed.tree.offset, 'has more than one document', 'Keep the first document only.')
  return reader.lab(parsed.tree)
}

/** The text of `lab.yaml` for a spec; `parseLabSpec` reads it back unchanged. */
export function stringifyLabSpec(spec: LabSpec): string {
  // Quoted, because names such as `on` or `0o17` would be read as something else than text.
  return stringify(spec, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', aliasDuplicateObjects: false })
}

function refusal(source: string, field: string, line: number | undefined, problem: string, remedy: string): LabError {
  const place = line === undefined ? source : `${source}:${line}`
  const details: Record<string, string> = {}
  if (field !== '') details['field'] = field
  if (line !== undefined) details['line'] = String(line)
  const subject = field === '' ? problem : `${field} ${problem}`
  return new LabError({ kind: 'BadRequest', message: `${place}: ${subject}`, remedy, details })
}

const LAB_FIELDS = [
  'apiVersion',
  'kind',
  'name',
  'subnet',
  'outsideNetwork',
  'nodes',
  'simulatedNodes',
  'scheduleDaemonSetPods',
]

type Entries = ReadonlyMap<string, MapEntry>

class Reader {
  private readonly text: string
  private readonly source: string

  constructor(text: string, source: string) {
    this.text = text
    this.source = source
  }

  lab(tree: TreeNode): LabSpec {
    const entries = this.object(tree, '', LAB_FIELDS)
    this.literal(entries, 'apiVersion', 'node-lab/v1')
    this.literal(entries, 'kind', 'Lab')
    const name = this.name(entries, 'name', 'name', labNameFault)
    const { text: subnet, subnet: range } = this.subnet(entries)
    const nodes = this.nodes(entries, range)
    const simulatedNodes = this.simulatedNodes(entries, nodes)
    return {
      apiVersion: 'node-lab/v1',
      kind: 'Lab',
      name,
      subnet,
      outsideNetwork: this.boolean(entries, 'outsideNetwork'),
      nodes,
      ...(simulatedNodes !== undefined && { simulatedNodes }),
      ...(entries.has('scheduleDaemonSetPods') && {
        scheduleDaemonSetPods: this.boolean(entries, 'scheduleDaemonSetPods'),
      }),
    }
  }

  refuse(field: string, offset: number, problem: string, remedy: string): never {
    throw refusal(this.source, field, positionAt(this.text, offset).line, problem, remedy)
  }

  private nodes(entries: Entries, subnet: IPv4Subnet): NodeSpec[] {
    const { value, offset } = this.member(entries, 'nodes', 'nodes')
    if (value.kind !== 'list')
      this.refuse('nodes', offset, 'has to be a list', 'Write one "- name: …" entry for each node.')
    if (value.items.length > MAX_NODES) {
      this.refuse('nodes', offset, `has ${value.items.length} entries`, `A lab can have at most ${MAX_NODES} nodes.`)
    }
    const seen = new Map<string, string>()
    return value.items.map((item, index) => this.node(item, `nodes[${index}]`, subnet, seen))
  }

  private simulatedNodes(entries: Entries, nodes: readonly NodeSpec[]): string[] | undefined {
    const entry = entries.get('simulatedNodes')
    if (entry === undefined) return undefined
    const { value } = entry
    const { offset } = value
    if (value.kind !== 'list') this.refuse('simulatedNodes', offset, 'has to be a list', 'Write "- sim001-sim200".')
    const ranges = value.items.map((item, index) => {
      const field = `simulatedNodes[${index}]`
      const range = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : ''
      const fault = simulatedRangeFault(range)
      if (fault !== undefined) this.refuse(field, item.offset, `cannot be ${JSON.stringify(range)}`, fault)
      return range
    })
    const clash = nodes.find(({ name }) => isReservedNodeName(name))
    if (clash !== undefined && ranges.length > 0)
      this.refuse('simulatedNodes', offset, `cannot be beside a node ${clash.name}`, 'That name is a simulated node’s.')
    return formatSimulatedNodes(listSimulatedNodes(ranges))
  }

  private node(tree: TreeNode, field: string, subnet: IPv4Subnet, seen: Map<string, string>): NodeSpec {
    const entries = this.object(tree, field, ['name', 'role', 'address', 'apiServerPort', 'addedBy'])
    const name = this.name(entries, 'name', `${field}.name`, nodeNameFault)
    const role = this.string(entries, 'role', `${field}.role`)
    if (!isNodeRole(role.value)) {
      this.refuse(
        `${field}.role`,
        role.offset,
        `cannot be ${JSON.stringify(role.value)}`,
        'Write "worker" or "control-plane".',
      )
    }
    const address = this.string(entries, 'address', `${field}.address`)
    const number = parseIPv4(address.value)
    if (number === undefined || !isNodeAddress(subnet, number)) {
      const first = formatIPv4(subnet.network + 2)
      const last = formatIPv4(subnet.network + subnet.size / 2 - 1)
      const remedy = `Nodes have addresses of the subnet's lower half: ${first} to ${last}.`
      this.refuse(`${field}.address`, address.offset, `cannot be ${JSON.stringify(address.value)}`, remedy)
    }
    const port = this.port(entries, `${field}.apiServerPort`)
    for (const [key, value] of [
      ['name', name],
      ['address', address.value],
      ['apiServerPort', String(port)],
    ] as const) {
      const other = seen.get(`${key} ${value}`)
      const remedy = 'Names, addresses and ports belong to one node each.'
      if (other !== undefined)
        this.refuse(`${field}.${key}`, tree.offset, `${JSON.stringify(value)} is that of ${other} already`, remedy)
      seen.set(`${key} ${value}`, field)
    }
    return {
      ...{ name, role: role.value, address: address.value, apiServerPort: port },
      ...(entries.has('addedBy') && { addedBy: this.string(entries, 'addedBy', `${field}.addedBy`).value }),
    }
  }

  private subnet(entries: Entries): { text: string; subnet: IPv4Subnet } {
    const { value, offset } = this.string(entries, 'subnet', 'subnet')
    const subnet = parseIPv4Subnet(value)
    if (subnet === undefined || subnet.prefix < MIN_PREFIX || subnet.prefix > MAX_PREFIX) {
      const remedy = `Write an IPv4 network such as 172.30.7.0/24, with a prefix from /${MIN_PREFIX} to /${MAX_PREFIX}.`
      return this.refuse('subnet', offset, `cannot be ${JSON.stringify(value)}`, remedy)
    }
    return { text: value, subnet }
  }

  private port(entries: Entries, field: string): number {
    const { value, offset } = this.member(entries, 'apiServerPort', field)
    const port = value.kind === 'scalar' ? value.value : undefined
    if (typeof port === 'number' && Number.isInteger(port) && port >= MIN_PORT && port <= MAX_PORT) return port
    return this.refuse(field, offset, 'is no port of ours', `Write a number from ${MIN_PORT} to ${MAX_PORT}.`)
  }

  private name(entries: Entries, key: string, field: string, fault: (name: string) => string | undefined): string {
    const { value, offset } = this.string(entries, key, field)
    const problem = fault(value)
    if (problem !== undefined) this.refuse(field, offset, `cannot be ${JSON.stringify(value)}`, `${problem}.`)
    return value
  }

  private literal(entries: Entries, key: string, expected: string): void {
    const { value, offset } = this.string(entries, key, key)
    if (value !== expected)
      this.refuse(key, offset, `cannot be ${JSON.stringify(value)}`, `Write "${key}: ${expected}".`)
  }

  private boolean(entries: Entries, key: string): boolean {
    const { value, offset } = this.member(entries, key, key)
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value
    return this.refuse(key, offset, 'has to be true or false', `Write "${key}: true" or "${key}: false".`)
  }

  private string(entries: Entries, key: string, field: string): { value: string; offset: number } {
    const { value, offset } = this.member(entries, key, field)
    if (value.kind === 'scalar' && typeof value.value === 'string') return { value: value.value, offset }
    return this.refuse(field, offset, 'has to be text', 'Put the value in quotes.')
  }

  private member(entries: Entries, key: string, field: string): { value: TreeNode; offset: number } {
    const entry = entries.get(key)
    if (entry === undefined) return this.refuse(field, 0, 'is missing', `Add "${key}".`)
    return { value: entry.value, offset: entry.value.offset }
  }

  private object(tree: TreeNode, field: string, known: readonly string[]): Entries {
    if (tree.kind !== 'map') return this.refuse(field, tree.offset, 'has to be a map', 'Write "key: value" lines.')
    const entries = new Map<string, MapEntry>()
    for (const entry of tree.entries) {
      const path = field === '' ? entry.key : `${field}.${entry.key}`
      if (!known.includes(entry.key))
        this.refuse(path, entry.offset, 'is not known', `Known here: ${known.join(', ')}.`)
      if (entries.has(entry.key)) this.refuse(path, entry.offset, 'is written twice', 'Keep one of them.')
      entries.set(entry.key, entry)
    }
    return entries
  }
}

function isNodeRole(text: string): text is NodeRole {
  return text === 'worker' || text === 'control-plane'
}
