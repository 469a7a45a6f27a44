/**
 * What the kubelet will say of a manifest while it is being written, each with its place in the text: decoded, defaulted and
 * validated by the kubelet's own code. Its verdict on the saved file has the last word. Pure.
 */
import { yamlLanguage } from '@codemirror/lang-yaml'
import type { FileVerdictReason, FileWarning } from '@common/lab/file-verdict.ts'
import { acceptedWarnings } from '@common/manifest/accepted-warnings.ts'
import { closestWord } from '@common/manifest/closest-word.ts'
import { MAX_MANIFEST_BYTES, type ManifestFault } from '@common/manifest/decode-manifest.ts'
import { readStaticPod, type StaticPodResult } from '@common/manifest/read-static-pod.ts'
import type { FieldError } from '@common/validation/field-error.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from './field-path.ts'
import { schemaAt } from './field-schema-at.ts'
import { computeStanding } from './field-standing.ts'
import { findField, listFields, removalOf, type FieldInText } from './field-in-text.ts'

export type ProblemCause =
  | { kind: 'verdict'; reason: FileVerdictReason; explanation: string; manifestKind: string }
  | { kind: 'field'; error: FieldError }
  | { kind: 'reference'; field: string; resource: string }
  | { kind: 'warning'; warning: FileWarning }

/** A change of the text that does away with a problem. */
export type QuickFix =
  | { kind: 'rename'; to: string; from: number; end: number }
  | { kind: 'remove'; field: string; from: number; end: number }
  | { kind: 'replace'; to: string; from: number; end: number }

export interface ManifestProblem {
  severity: 'error' | 'warning' | 'info'
  /** Offsets in the text; `from` < `to` unless the text is empty. */
  from: number
  to: number
  /** 1-based, of `from`. */
  line: number
  column: number
  cause: ProblemCause
  fixes: readonly QuickFix[]
}

export interface ProblemContext {
  /** Full path of the file on the node, since it is in the kubelet's words. */
  path: string
  node: string
}

/** Time of first sight: an annotation that no problem depends on. */
const ANY_TIME = '1970-01-01T00:00:00Z'

/** In the order of the text. */
export function computeProblems(text: string, context: ProblemContext): ManifestProblem[] {
  const bytes = new TextEncoder().encode(text)
  const read: StaticPodResult | { tooLarge: true } =
    bytes.length > MAX_MANIFEST_BYTES
      ? { tooLarge: true }
      : readStaticPod(bytes, { path: context.path, nodeName: context.node, seen: ANY_TIME })
  if ('tooLarge' in read) {
    return [atOffset(text, 0, { kind: 'verdict', reason: 'TooLarge', explanation: '', manifestKind: '' })]
  }
  const finder = new ProblemFinder(text)
  const faults = read.ok ? [] : finder.ofFault(read)
  const warnings = (read.ok ? acceptedWarnings(read) : read.warnings).map((warning) => finder.ofWarning(warning))
  return [...faults, ...warnings].toSorted((one, other) => one.from - other.from)
}

class ProblemFinder {
  readonly #text: string
  readonly #tree: ReturnType<typeof yamlLanguage.parser.parse>

  constructor(text: string) {
    this.#text = text
    this.#tree = yamlLanguage.parser.parse(text)
  }

  ofFault(fault: ManifestFault): ManifestProblem[] {
    if (fault.fieldErrors !== undefined) return fault.fieldErrors.map((error) => this.#ofFieldError(error))
    if (fault.reason === 'APIReference') {
      const references = this.#references()
      if (references.length > 0) return references
    }
    const { reason, explanation, kind = '' } = fault
    const cause: ProblemCause = { kind: 'verdict', reason, explanation, manifestKind: kind }
    const offset = offsetOf(this.#text, fault.line ?? 1, fault.column ?? 1)
    const problem = atOffset(this.#text, offset, cause)
    return [{ ...problem, fixes: [...this.#kindFixes(fault), ...this.#missingLineFix(fault)] }]
  }

  /** Every field that refers to what only an API server has, not just the first. */
  #references(): ManifestProblem[] {
    return listFields(this.#tree, this.#text).flatMap((field): ManifestProblem[] => {
      const standing = computeStanding(field.path)
      const above = computeStanding(field.path.slice(0, -1))
      if (standing.kind !== 'reference' || above.kind === 'reference') return []
      const { resource } = standing
      const cause: ProblemCause = { kind: 'reference', field: formatFieldPath(field.path), resource }
      return [{ ...this.#at(field, 'key', 'error', cause), fixes: this.#removal(field) }]
    })
  }

  #ofFieldError(error: FieldError): ManifestProblem {
    const path = parseFieldPath(error.field)
    const field = findField(this.#tree, this.#text, path)
    const cause: ProblemCause = { kind: 'field', error }
    if (field === undefined) return atOffset(this.#text, this.#closest(path), cause)
    const isWhole = field.path.length === path.length
    const problem = this.#at(field, isWhole ? 'value' : 'key', 'error', cause)
    const fixes = [
      ...(isWhole && error.type === 'Forbidden' ? this.#removal(field) : []),
      ...(isWhole && error.type === 'Unsupported value' ? closestValueFix(error, path, field) : []),
    ]
    return { ...problem, fixes }
  }

  ofWarning(warning: FileWarning): ManifestProblem {
    const severity = SEVERITIES[warning.reason]
    const cause: ProblemCause = { kind: 'warning', warning }
    const field =
      warning.field === undefined ? undefined : findField(this.#tree, this.#text, parseFieldPath(warning.field))
    if (field === undefined) {
      const offset = offsetOf(this.#text, warning.line ?? 1, warning.column ?? 1)
      return { ...atOffset(this.#text, offset, cause), severity }
    }
    return { ...this.#at(field, 'key', severity, cause), fixes: this.#warningFixes(warning, field) }
  }

  #warningFixes({ reason }: FileWarning, field: FieldInText): QuickFix[] {
    if (reason === 'UnknownField') {
      const owner = schemaAt(field.path.slice(0, -1))?.schema
      const names = owner?.type === 'object' ? Object.keys(owner.fields) : []
      // A field that is there already is not what was meant, or would be there twice.
      const isFree = (name: string): boolean =>
        findField(this.#tree, this.#text, [...field.path.slice(0, -1), name]) === undefined
      const to = closestWord(String(field.path.at(-1)), names.filter(isFree))
      const rename: QuickFix[] =
        to === undefined ? [] : [{ kind: 'rename', to, from: field.key.from, end: field.key.to }]
      return [...rename, ...this.#removal(field)]
    }
    return reason === 'FurtherDocumentsIgnored' ? [] : this.#removal(field)
  }

  #removal(field: FieldInText): QuickFix[] {
    const range = removalOf(field, this.#text)
    const name = formatFieldPath(field.path)
    return range === undefined ? [] : [{ kind: 'remove', field: name, from: range.from, end: range.to }]
  }

  /** `kind: pod`, `apiVersion: apps/v1` of a Pod: what was meant is plain. */
  #kindFixes({ reason, kind, apiVersion }: ManifestFault): QuickFix[] {
    if (reason !== 'NotAPod' && reason !== 'UnknownKind') return []
    const meant = closestWord(kind ?? '', ['Pod']) === 'Pod'
    const wrong =
      kind !== 'Pod' ? { name: 'kind', to: 'Pod' } : apiVersion === 'v1' ? undefined : { name: 'apiVersion', to: 'v1' }
    const value = meant && wrong !== undefined ? findField(this.#tree, this.#text, [wrong.name])?.value : undefined
    if (value === undefined || wrong === undefined) return []
    return [{ kind: 'replace', to: wrong.to, from: value.from, end: value.to }]
  }

  /** The line that is missing, before the first that is there. */
  #missingLineFix({ reason }: ManifestFault): QuickFix[] {
    if (reason !== 'MissingAPIVersion' && reason !== 'MissingKind') return []
    const [first] = listFields(this.#tree, this.#text)
    if (first === undefined || first.isFlow) return []
    const { from } = first.key
    return [{ kind: 'replace', to: reason === 'MissingKind' ? 'kind: Pod\n' : 'apiVersion: v1\n', from, end: from }]
  }

  #at(
    field: FieldInText,
    part: 'key' | 'value',
    severity: ManifestProblem['severity'],
    cause: ProblemCause,
  ): ManifestProblem {
    const range = part === 'value' && field.value !== undefined ? field.value : field.key
    return { ...atOffset(this.#text, range.from, cause), severity, to: range.to }
  }

  /** Where the innermost part of a path that the text has begins. */
  #closest(path: FieldPath): number {
    for (let length = path.length - 1; length > 0; length -= 1) {
      const field = findField(this.#tree, this.#text, path.slice(0, length))
      if (field !== undefined) return field.key.from
    }
    return 0
  }
}

const SEVERITIES: Readonly<Record<FileWarning['reason'], ManifestProblem['severity']>> = {
  UnknownField: 'warning',
  FieldNotHonoured: 'info',
  NotAllowed: 'warning',
  DuplicateKey: 'warning',
  FurtherDocumentsIgnored: 'warning',
  NodeNameOverwritten: 'info',
  StatusIgnored: 'info',
  NotStarted: 'warning',
}

function closestValueFix(error: FieldError, path: FieldPath, { value }: FieldInText): QuickFix[] {
  const schema = schemaAt(path)?.schema
  const values = schema?.type === 'string' ? (schema.values ?? []) : []
  const to = closestWord(String(error.value), values)
  return to === undefined || value === undefined ? [] : [{ kind: 'replace', to, from: value.from, end: value.to }]
}

/** A problem that is known by its place alone: it reaches to the end of the word there. */
function atOffset(text: string, offset: number, cause: ProblemCause): ManifestProblem {
  const start = Math.min(offset, Math.max(0, text.length - 1))
  const before = text.slice(0, start)
  const word = /^[^\s:,]+/.exec(text.slice(start))?.[0].length ?? 0
  return {
    severity: 'error',
    from: start,
    to: Math.min(text.length, start + Math.max(1, word)),
    line: before.split('\n').length,
    column: start - before.lastIndexOf('\n'),
    cause,
    fixes: [],
  }
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', start)
    if (end < 0) break
    start = end + 1
  }
  return Math.min(text.length, start + column - 1)
}
