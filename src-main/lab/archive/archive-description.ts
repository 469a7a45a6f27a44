/** `lab.yaml` of an archive: text → `ArchiveDescription` and back, with distrust: somebody else has written it. */
import { parseDocument, stringify } from 'yaml'
import { LabError } from '../../common/lab-error.ts'
import type { ArchiveDescription } from '../../common/lab/lab-archive.ts'
import { MAX_NODES } from '../../common/lab/lab-spec-validation.ts'
import { labNameFault, nodeNameFault } from '../../common/lab/names.ts'
import {
  formatSimulatedNodes,
  isReservedNodeName,
  listSimulatedNodes,
  simulatedRangeFault,
} from '../../common/lab/simulated-nodes.ts'
import { DESCRIPTION_FILE } from './archive-entry.ts'

const API_VERSION = 'node-lab/v1'
const KIND = 'LabArchive'
const MAX_IMAGES = 1000
const MAX_IMAGE_NAME_LENGTH = 1024
const FIELDS = [
  'apiVersion',
  'kind',
  'name',
  'outsideNetwork',
  'scheduleDaemonSetPods',
  'simulatedNodes',
  'nodes',
  'images',
]

export function stringifyDescription(description: ArchiveDescription): string {
  return stringify(
    { apiVersion: API_VERSION, kind: KIND, ...description },
    { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', aliasDuplicateObjects: false },
  )
}

/** @throws LabError BadRequest with the field and what may stand there */
export function parseDescription(text: string): ArchiveDescription {
  const fields = asObject(parseYAML(text), '', FIELDS)
  if (fields['apiVersion'] !== API_VERSION)
    throw refusal('apiVersion', `is ${show(fields['apiVersion'])}, and this Node Lab reads "${API_VERSION}"`)
  if (fields['kind'] !== KIND) throw refusal('kind', `is ${show(fields['kind'])} and not "${KIND}"`)
  const nodes = readNodes(fields['nodes'])
  const simulatedNodes = readSimulated(fields['simulatedNodes'], nodes)
  return {
    name: readName(fields['name'], 'name', labNameFault),
    outsideNetwork: readBoolean(fields['outsideNetwork'], 'outsideNetwork'),
    ...(fields['scheduleDaemonSetPods'] !== undefined && {
      scheduleDaemonSetPods: readBoolean(fields['scheduleDaemonSetPods'], 'scheduleDaemonSetPods'),
    }),
    ...(simulatedNodes !== undefined && { simulatedNodes }),
    nodes,
    images: readImages(fields['images']),
  }
}

function parseYAML(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true })
  const [error] = document.errors
  if (error !== undefined) throw refusal('', error.message.split('\n')[0] ?? 'is no YAML')
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown
  } catch (cause) {
    throw refusal('', cause instanceof Error ? cause.message : String(cause))
  }
}

function readNodes(value: unknown): ArchiveDescription['nodes'] {
  if (!Array.isArray(value) || value.length > MAX_NODES)
    throw refusal('nodes', `has to be a list of at most ${MAX_NODES} nodes`)
  const seen = new Set<string>()
  const nodes = value.map((item: unknown, index) => {
    const field = `nodes[${index}]`
    const { name: given, role } = asObject(item, field, ['name', 'role'])
    const name = readName(given, `${field}.name`, nodeNameFault)
    if (isReservedNodeName(name)) throw refusal(`${field}.name`, `is "${name}", which is kept for simulated nodes`)
    if (seen.has(name)) throw refusal(`${field}.name`, `is "${name}" again`)
    seen.add(name)
    if (role !== 'worker' && role !== 'control-plane')
      throw refusal(`${field}.role`, `is ${show(role)} and neither "worker" nor "control-plane"`)
    return { name, role } as const
  })
  if (nodes.filter(({ role }) => role === 'control-plane').length > 1)
    throw refusal('nodes', 'has more than one control plane')
  return nodes
}

function readSimulated(value: unknown, nodes: ArchiveDescription['nodes']): string[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value) || value.length > MAX_IMAGES) throw refusal('simulatedNodes', 'has to be a list of ranges')
  const ranges = value.map((range: unknown, index) => {
    const fault = typeof range === 'string' ? simulatedRangeFault(range) : 'has to be text such as sim001-sim200'
    if (fault !== undefined) throw refusal(`simulatedNodes[${index}]`, fault)
    return String(range)
  })
  if (!nodes.some(({ role }) => role === 'control-plane'))
    throw refusal('simulatedNodes', 'needs a node with the role "control-plane"')
  return formatSimulatedNodes(listSimulatedNodes(ranges))
}

function readImages(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MAX_IMAGES)
    throw refusal('images', `has to be a list of at most ${MAX_IMAGES} names of images`)
  return value.map((image: unknown, index) => {
    if (typeof image === 'string' && image.length <= MAX_IMAGE_NAME_LENGTH) return image
    throw refusal(`images[${index}]`, `has to be text of at most ${MAX_IMAGE_NAME_LENGTH} characters`)
  })
}

function readName(value: unknown, field: string, fault: (name: string) => string | undefined): string {
  const problem = typeof value === 'string' ? fault(value) : 'has to be text'
  if (problem !== undefined) throw refusal(field, problem)
  return String(value)
}

function readBoolean(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value
  throw refusal(field, 'has to be true or false')
}

function asObject(value: unknown, field: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusal(field, 'has to be a map of fields')
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown === undefined) return { ...value }
  const name = field === '' ? unknown : `${field}.${unknown}`
  throw refusal(name.slice(0, 100), `is not known; known here: ${known.join(', ')}`)
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60)
}

function refusal(field: string, problem: string): LabError {
  return new LabError({
    kind: 'BadRequest',
    message: `the archive is refused: ${DESCRIPTION_FILE}: ${field === '' ? '' : `${field} `}${problem}`,
    remedy: 'Export the lab anew, with this version of Node Lab; nothing was imported.',
    ...(field !== '' && { details: { field } }),
  })
}
