/**
 * A manifest file → a Pod, or why it is none: the decoding half of upstream's file source (facts 1.3). Never throws,
 * whatever the bytes are. Defaults, static pod fields and validation are `read-static-pod.ts`.
 */
import type { Pod } from '../api/core.ts'
import { POD_SCHEMA } from '../api/pod-schema.ts'
import type { FileVerdictReason, FileWarning } from '../lab/file-verdict.ts'
import type { FieldError } from '../validation/field-error.ts'
import { decodeText } from './decode-text.ts'
import { decodeTyped } from './decode-typed.ts'
import { explainKind, explainMissing } from './explain-kind.ts'
import { looksLikeJSON, parseJSONTree } from './json-tree.ts'
import { CORE_KINDS, isKubernetesKind } from './known-kinds.ts'
import { locateField } from './locate-field.ts'
import { positionAt, treeToValue, type MapEntry, type TreeNode } from './manifest-tree.ts'
import { parseYAMLTree } from './yaml-tree.ts'

/** Larger files are refused unread: `the read limit is reached` (facts 1.2.4). The reader of the file checks it. */
export const MAX_MANIFEST_BYTES = 10 * 1024 * 1024
export const READ_LIMIT_MESSAGE = 'the read limit is reached'

/** What upstream's messages call the registry of kinds. */
const SCHEME = 'k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30'
/** Upstream quotes the whole object in `Object 'Kind' is missing in '…'`; ours is cut. */
const MAX_QUOTED_OBJECT = 2000

export interface DecodeContext {
  /** Full path of the file on the node; it begins the message, as in the kubelet's log. */
  path: string
  /** The node's name; without it a foreign `spec.nodeName` gives no warning. */
  nodeName?: string
}

export interface ManifestFault {
  ok: false
  reason: FileVerdictReason
  /** As the kubelet's log has it after `can't process config file "F": `. */
  message: string
  /** The same without where it was found. */
  problem: string
  /** Plain English: what it means and what to do. */
  explanation: string
  /** Path of the field that is at fault, where it is one. */
  field?: string
  line?: number
  column?: number
  kind?: string
  apiVersion?: string
  warnings: FileWarning[]
  /** Of a Pod that is not valid: every fault, the first of which is where `line` and `column` are. */
  fieldErrors?: FieldError[]
}

export interface DecodedPod {
  ok: true
  pod: Pod
  warnings: FileWarning[]
  /** Place of a field path, such as `spec.containers[0].image`, in the file. */
  locate(field: string): { line: number; column: number }
}

export type DecodedManifest = DecodedPod | ManifestFault

/** A file's first document as it is written, before anything is known of its kind. */
interface ParsedManifest {
  ok: true
  tree: TreeNode
  text: string
  isJSON: boolean
  /** Further documents follow. */
  more: boolean
}

/**
 * Decodes the first document of a file. The pod is as written, without `apiVersion` and `kind`, with zero values dropped as
 * the API's types drop them; `status` is kept because upstream's UID covers it. Upstream prints a Go dump of an object that
 * is no Pod; ours is abbreviated to `invalid pod: &core.ConfigMap{...}`.
 */
export function decodeManifest(bytes: Uint8Array, context: DecodeContext): DecodedManifest {
  const parsed = parseManifest(bytes, context)
  return parsed.ok ? decodeAsPod(parsed, context) : parsed
}

/** The same for what may also be a `v1` PodList, as an HTTP source answers (facts 1.5.11); one fault is the whole list's. */
export function decodePods(bytes: Uint8Array, context: DecodeContext): DecodedPod[] | ManifestFault {
  const parsed = parseManifest(bytes, context)
  if (!parsed.ok) return parsed
  const { tree, text, more } = parsed
  const entries = tree.kind === 'map' ? tree.entries : []
  if (typeMetaField(entries, 'kind').value !== 'PodList' || typeMetaField(entries, 'apiVersion').value !== 'v1') {
    const decoded = decodeAsPod(parsed, context)
    return decoded.ok ? [decoded] : decoded
  }
  const items = entries.findLast(({ key }) => key === 'items')?.value
  if (items === undefined || (items.kind === 'scalar' && items.value === null)) return []
  if (items.kind !== 'list') {
    const message = 'json: cannot unmarshal into Go struct field PodList.items of type []v1.Pod'
    const explanation = 'The value of items has the wrong type: it has to be a list of Pods.'
    return { ...fault(context, 'WrongType', message, explanation), ...positionAt(text, items.offset) }
  }
  const pods: DecodedPod[] = []
  for (const item of items.items) {
    const decoded = decodePod(item, text, context, more)
    if (!decoded.ok) return decoded
    pods.push(decoded)
  }
  return pods
}

function parseManifest(bytes: Uint8Array, context: DecodeContext): ParsedManifest | ManifestFault {
  const decoded = decodeText(bytes)
  if (!decoded.ok) {
    const explanation = 'The file is no text in UTF-8, so it cannot be a manifest: save it as UTF-8 text, or remove it.'
    return fault(context, 'InvalidYAML', decoded.message, explanation)
  }
  const { text } = decoded
  const isJSON = looksLikeJSON(text)
  const parsed = isJSON ? parseJSONTree(text) : parseYAMLTree(text)
  if (parsed.ok) return { ok: true, tree: parsed.tree, text, isJSON, more: parsed.more }
  const { message, ...position } = parsed.fault
  return { ...fault(context, 'InvalidYAML', message, explainSyntax(message, isJSON)), ...position }
}

function decodeAsPod({ tree, text, isJSON, more }: ParsedManifest, context: DecodeContext): DecodedManifest {
  const notPod = checkTypeMeta(tree, text, context, isJSON)
  return notPod === undefined ? decodePod(tree, text, context, more) : { ...notPod, warnings: furtherDocuments(more) }
}

function decodePod(tree: TreeNode, text: string, context: DecodeContext, more: boolean): DecodedManifest {
  const typed = decodeTyped(tree, POD_SCHEMA)
  const warnings: FileWarning[] = typed.warnings.map(({ offset, ...warning }) => ({
    ...warning,
    ...positionAt(text, offset),
  }))
  warnings.push(...furtherDocuments(more))
  if (typed.fault !== undefined) {
    const { message, field, expected, offset } = typed.fault
    const explanation = `The value of ${field} has the wrong type: it has to be ${expected}.`
    const position = positionAt(text, offset)
    return {
      ...fault(context, 'WrongType', message, explanation),
      ...position,
      kind: 'Pod',
      apiVersion: 'v1',
      warnings,
    }
  }
  const { apiVersion: _apiVersion, kind: _kind, ...content } = typed.value
  // The schema mirrors the Pod type, and `required` members are filled, so the shape is a Pod's.
  const pod = content as unknown as Pod
  // Tools that print a Pod type write `status: {}`, which says nothing.
  if (Object.keys(pod.status ?? {}).length === 0) delete pod.status
  warnings.push(...passedOver(pod, tree, text, context))
  return { ok: true, pod, warnings, locate: (field) => locateField(tree, text, field) }
}

/** Whether the tree says that it is a `v1` Pod; otherwise the refusal, in upstream's order of checks. */
function checkTypeMeta(tree: TreeNode, text: string, context: DecodeContext, json: boolean): ManifestFault | undefined {
  const isEmpty = tree.kind === 'scalar' && tree.value === null
  if (tree.kind !== 'map' && !isEmpty) {
    const found = tree.kind === 'list' ? 'array' : tree.kind === 'scalar' ? typeof tree.value : 'object'
    const message = `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go value of type struct`
    const explanation = 'The file holds no object: a manifest begins with "apiVersion: v1" and "kind: Pod".'
    return { ...fault(context, 'WrongType', message, explanation), ...positionAt(text, tree.offset) }
  }
  const entries = tree.kind === 'map' ? tree.entries : []
  const kind = typeMetaField(entries, 'kind')
  const apiVersion = typeMetaField(entries, 'apiVersion')
  for (const field of [kind, apiVersion]) {
    if (field.entry !== undefined && field.value === undefined)
      return wrongTypeMeta(field.name, field.entry, text, context)
  }
  const said = {
    ...(kind.value ? { kind: kind.value } : {}),
    ...(apiVersion.value ? { apiVersion: apiVersion.value } : {}),
  }
  const object = () => quotedObject(tree, json ? text : undefined)
  if (!kind.value) {
    const message = `Object 'Kind' is missing in '${object()}'`
    const reason = entries.length === 0 ? 'Empty' : 'MissingKind'
    return { ...fault(context, reason, message, explainMissing(entries.length === 0 ? 'everything' : 'kind')), ...said }
  }
  if (!apiVersion.value) {
    const message = `Object 'apiVersion' is missing in '${object()}'`
    return { ...fault(context, 'MissingAPIVersion', message, explainMissing('apiVersion')), ...said }
  }
  if (apiVersion.value === 'v1' && kind.value === 'Pod') return undefined
  const position = positionAt(text, kind.entry?.value.offset ?? tree.offset)
  return { ...refuseKind(apiVersion.value, kind.value, context), ...position, ...said }
}

function refuseKind(apiVersion: string, kind: string, context: DecodeContext): ManifestFault {
  const reason = isKubernetesKind(apiVersion, kind) ? 'NotAPod' : 'UnknownKind'
  const explanation = explainKind(apiVersion, kind)
  if (apiVersion === 'v1' && CORE_KINDS.has(kind))
    return fault(context, reason, `invalid pod: &core.${kind}{...}`, explanation)
  if (apiVersion.split('/').length > 2) {
    return fault(context, reason, `unexpected GroupVersion string: ${apiVersion}`, explanation)
  }
  const message = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "${SCHEME}"`
  return fault(context, reason, message, explanation)
}

interface TypeMetaField {
  name: string
  entry?: MapEntry
  /** Undefined when absent, and when it is no string. */
  value?: string
}

/** Upstream looks for these two fields whatever their capitals are. */
function typeMetaField(entries: readonly MapEntry[], name: string): TypeMetaField {
  const entry =
    entries.findLast(({ key }) => key === name) ??
    entries.findLast(({ key }) => key.toLowerCase() === name.toLowerCase())
  if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) return { name }
  const value = entry.value.kind === 'scalar' ? entry.value.value : undefined
  return typeof value === 'string' ? { name, entry, value } : { name, entry }
}

function wrongTypeMeta(name: string, entry: MapEntry, text: string, context: DecodeContext): ManifestFault {
  const { value } = entry
  const found =
    value.kind === 'map'
      ? 'object'
      : value.kind === 'list'
        ? 'array'
        : typeof value.value === 'boolean'
          ? 'bool'
          : 'number'
  const message = `couldn't get version/kind; json parse error: json: cannot unmarshal ${found} into Go struct field .${name} of type string`
  const explanation = `The value of ${name} has the wrong type: it has to be text.`
  return { ...fault(context, 'WrongType', message, explanation), ...positionAt(text, value.offset) }
}

function quotedObject(tree: TreeNode, source: string | undefined): string {
  const quoted = source?.trim() ?? JSON.stringify(sortedKeys(treeToValue(tree)))
  return quoted.length > MAX_QUOTED_OBJECT ? `${quoted.slice(0, MAX_QUOTED_OBJECT)}...` : quoted
}

/** Go writes the members of a converted YAML map in the order of their names. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  return Object.fromEntries(entries.map(([key, member]) => [key, sortedKeys(member)]))
}

function fault(context: DecodeContext, reason: FileVerdictReason, problem: string, explanation: string): ManifestFault {
  const message = `${context.path}: couldn't parse as pod(${problem}), please check config file`
  return { ok: false, reason, message, problem, explanation, warnings: [] }
}

function explainSyntax(message: string, json: boolean): string {
  if (/control characters/.test(message))
    return "The file is not text (an editor's swap file, perhaps): remove it, or move it out of the folder."
  if (/aliasing|max depth|document has more than/.test(message))
    return 'The file is far larger or deeper than a Pod can be, so it is refused unread.'
  if (json) return 'A file that begins with "{" is read as JSON, and this is no JSON: mend the place that is named.'
  return 'The file is not correct YAML: mend the place that is named; indentation (blanks, never tabs) is the usual cause.'
}

function furtherDocuments(more: boolean): FileWarning[] {
  const message =
    'Only the first document of the file is read; what follows "---" is ignored. Put each Pod in a file of its own.'
  return more ? [{ reason: 'FurtherDocumentsIgnored', message }] : []
}

/** What a kubelet replaces, or takes in another way than it may be meant, without a word. */
function passedOver(pod: Pod, tree: TreeNode, text: string, context: DecodeContext): FileWarning[] {
  const warnings: FileWarning[] = []
  const { nodeName } = pod.spec
  if (nodeName !== undefined && context.nodeName !== undefined && nodeName !== context.nodeName) {
    const message = `spec.nodeName is ${JSON.stringify(nodeName)}, but a static pod always runs on the node whose folder it is in: ${context.nodeName}.`
    warnings.push({
      reason: 'NodeNameOverwritten',
      message,
      field: 'spec.nodeName',
      ...locateField(tree, text, 'spec.nodeName'),
    })
  }
  if (pod.status !== undefined) {
    const message = 'status is what the kubelet observes; what a manifest says there is ignored.'
    warnings.push({ reason: 'StatusIgnored', message, field: 'status', ...locateField(tree, text, 'status') })
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    const field = 'metadata.deletionTimestamp'
    const message = `${field} is set, so the pod counts as deleted and is never started.`
    warnings.push({ reason: 'NotStarted', message, field, ...locateField(tree, text, field) })
  }
  return warnings
}
