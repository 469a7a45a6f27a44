/** What can be written at a position of a manifest: keys that the schema allows there, values that a field takes, snippets. Pure. */
import type { FieldSchema } from '@common/api/field-schema.ts'
import { findCursorPlace, type CursorPlace } from './cursor-place.ts'
import { computeStanding, type FieldStanding } from './field-standing.ts'
import type { FieldPath } from './field-path.ts'
import { schemaAt, typeName } from './field-schema-at.ts'
import { listMountableNames } from './mountable-names.ts'
import { snippetsAt, type Snippet } from './manifest-snippets.ts'

export interface CompletionContext {
  /** Image names to offer. */
  images: readonly string[]
  /** Paths on the node that manifests of the lab mount already. */
  nodePaths: readonly string[]
}

export type ManifestCompletion =
  | {
      kind: 'field'
      label: string
      type: string
      standing: FieldStanding
      /** What is put in place of the word. */
      insert: string
    }
  | { kind: 'value'; label: string; insert: string }
  | { kind: 'snippet'; snippet: Snippet; label: string }

export interface ManifestCompletions {
  /** From here to the position, the text is replaced. */
  from: number
  place: CursorPlace
  options: ManifestCompletion[]
}

export function computeCompletions(
  text: string,
  position: number,
  context: CompletionContext,
): ManifestCompletions | undefined {
  const place = findCursorPlace(text, position)
  if (place === undefined) return undefined
  const options = place.kind === 'key' ? keyOptions(place, text, context) : valueOptions(place, text, context)
  return options.length === 0 ? undefined : { from: place.from, place, options }
}

function keyOptions(place: CursorPlace, text: string, context: CompletionContext): ManifestCompletion[] {
  const schema = schemaAt(place.path)?.schema
  // `- wor` may become a map with a key, or be the item itself: the schema knows.
  if (schema === undefined || isScalar(schema)) return schema === undefined ? [] : valueOptions(place, text, context)
  if (schema.type !== 'object') return []
  const fields = Object.entries(schema.fields)
    .filter(([name]) => !place.siblings.includes(name))
    .map(([name, field]): ManifestCompletion => {
      const path = [...place.path, name]
      return {
        kind: 'field',
        label: name,
        type: typeName(field),
        standing: computeStanding(path),
        insert: keyText(name, field, place),
      }
    })
  const snippets = place.isFlow ? [] : snippetsAt(place.path, place.siblings)
  return [...snippets.map((snippet) => ({ kind: 'snippet' as const, snippet, label: snippet.label })), ...fields]
}

/** The key, its colon, and what a value of this type begins with. */
function keyText(name: string, schema: FieldSchema, { isFlow, column }: CursorPlace): string {
  if (isFlow) return `"${name}": `
  const indent = ' '.repeat(column + 2)
  if (schema.type === 'object' || schema.type === 'map') return `${name}:\n${indent}`
  return schema.type === 'array' ? `${name}:\n${indent}- ` : `${name}: `
}

function valueOptions(place: CursorPlace, text: string, context: CompletionContext): ManifestCompletion[] {
  const schema = schemaAt(place.path)?.schema
  if (schema === undefined) return []
  const quoted = place.isFlow && schema.type !== 'boolean'
  const words = schema.type === 'boolean' ? ['true', 'false'] : knownValues(place.path, schema, text, context)
  return words.map((label) => ({ kind: 'value', label, insert: quoted ? `"${label}"` : label }))
}

const DOWNWARD_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'status.podIP',
  'status.hostIP',
]
const COMMON_NODE_PATHS = ['/var/log', '/var/log/pods', '/data', '/srv', '/mnt', '/tmp', '/opt', '/home']

function knownValues(
  path: FieldPath,
  schema: FieldSchema,
  text: string,
  context: CompletionContext,
): readonly string[] {
  if (schema.type === 'string' && schema.values !== undefined) return schema.values
  const shape = path.map((part) => (typeof part === 'number' ? '#' : part)).join('/')
  switch (shape) {
    case 'apiVersion':
      return ['v1']
    case 'kind':
      return ['Pod']
    case 'metadata/namespace':
      return ['default', 'kube-system']
    case 'spec/containers/#/image':
    case 'spec/initContainers/#/image':
      return context.images
    case 'spec/volumes/#/hostPath/path':
      return [...new Set([...context.nodePaths, ...COMMON_NODE_PATHS])]
    case 'spec/containers/#/volumeMounts/#/name':
    case 'spec/initContainers/#/volumeMounts/#/name':
      return listMountableNames(text)
    case 'spec/containers/#/env/#/valueFrom/fieldRef/fieldPath':
    case 'spec/initContainers/#/env/#/valueFrom/fieldRef/fieldPath':
      return DOWNWARD_FIELDS
    default:
      return []
  }
}

function isScalar({ type }: FieldSchema): boolean {
  return type !== 'object' && type !== 'array' && type !== 'map'
}
