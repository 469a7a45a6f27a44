/** A node's files and pods as the rows of its column: each file with the pod that came from it, then pods whose file is gone. Pure. */
import type { Pod } from '@common/api/core.ts'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { NodeView } from '@common/lab/lab-status.ts'
import { isSameList } from './keep-unchanged.ts'

export interface BoardRow {
  key: string
  file?: FileVerdict
  pod?: Pod
  /** The pod of a manifest's version before: another one takes its place. */
  isReplaced?: true
}

/** @param known rows from before: those that are still true stay the same objects, and so does the list */
export function keepRows(known: readonly BoardRow[], next: readonly BoardRow[]): readonly BoardRow[] {
  const byKey = new Map(known.map((row) => [row.key, row]))
  const kept = next.map((row) => {
    const before = byKey.get(row.key)
    const isSame = before?.file === row.file && before?.pod === row.pod && before?.isReplaced === row.isReplaced
    return before !== undefined && isSame ? before : row
  })
  return isSameList(known, kept) ? known : kept
}

export function computeRows(view: Pick<NodeView, 'files' | 'pods'>): BoardRow[] {
  const left = new Map(view.pods.map((pod) => [podIdentity(pod), pod]))
  const rows: BoardRow[] = view.files
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((file) => ({ key: `file:${file.name}`, file, ...takePod(file, left) }))
  const defined = new Set(view.files.map(({ pod }) => (pod === undefined ? '' : `${pod.namespace}/${pod.name}`)))
  for (const [identity, pod] of left) {
    const isReplaced = defined.has(identity.slice(0, identity.lastIndexOf('/')))
    rows.push({ key: `pod:${identity}`, pod, ...(isReplaced && { isReplaced }) })
  }
  return rows
}

/** A shadowed file has lost its pod to another file: its row says so instead of showing the pod twice. */
function takePod(file: FileVerdict, left: Map<string, Pod>): { pod?: Pod } {
  if (file.pod === undefined || file.state === 'shadowed') return {}
  const { namespace, name, uid } = file.pod
  const identity = `${namespace}/${name}/${uid}`
  const pod = left.get(identity)
  left.delete(identity)
  return pod === undefined ? {} : { pod }
}

/** Namespace, name and UID: an edited manifest makes another pod of the same name. */
export function podIdentity({ metadata }: Pick<Pod, 'metadata'>): string {
  const { namespace = 'default', name = '', uid = '' } = metadata
  return `${namespace}/${name}/${uid}`
}

/** What the inspector shows: a file and its pod by name, so that an edit (another UID) keeps it open. */
export interface RowReference {
  node: string
  file?: string
  pod?: { namespace: string; name: string }
}

export function referTo(node: string, row: BoardRow): RowReference {
  const reference: RowReference = { node }
  if (row.file !== undefined) reference.file = row.file.name
  const pod = row.pod?.metadata ?? row.file?.pod
  if (pod?.name !== undefined) reference.pod = { namespace: pod.namespace ?? 'default', name: pod.name }
  return reference
}

export function findRow(rows: readonly BoardRow[], reference: RowReference): BoardRow | undefined {
  const byFile = reference.file === undefined ? undefined : rows.find(({ file }) => file?.name === reference.file)
  if (byFile !== undefined) return byFile
  const { pod: wanted } = reference
  if (wanted === undefined) return undefined
  return rows.find(
    ({ pod }) => pod?.metadata.name === wanted.name && (pod.metadata.namespace ?? 'default') === wanted.namespace,
  )
}

/** What can be read, sent elsewhere and removed: no folder, nothing that is not there, and no answer of an address. */
export function isOrdinaryFile({ reason, origin }: FileVerdict): boolean {
  return reason !== 'Directory' && reason !== 'PathMissing' && origin !== 'url'
}
