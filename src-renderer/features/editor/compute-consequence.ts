/** What the kubelet will do about a file that is saved: told before it is, by the identity that a static pod's content gives it. Pure. */
import type { Pod } from '@common/api/core.ts'
import { readStaticPod } from '@common/manifest/read-static-pod.ts'
import type { ProblemContext } from './compute-problems.ts'

/**
 * `same`: the pod is the same one (comments, order of keys, spelled-out defaults), so nothing restarts; `replaced`: another UID under
 * the same name; `renamed`: one pod goes, another comes; `started`: there was none before; `broken`: the file no longer gives a pod;
 * `none`: it gives none, as before.
 */
export type Consequence =
  | { kind: 'identical' }
  | { kind: 'same'; pod: string }
  | { kind: 'replaced'; pod: string; uid: string }
  | { kind: 'renamed'; before: string; pod: string; uid: string }
  | { kind: 'started'; pod: string; uid: string }
  | { kind: 'broken'; before: string }
  | { kind: 'none' }

/** `before`: what is in the folder; `undefined` when there is no such file. */
export function computeConsequence(before: string | undefined, after: string, context: ProblemContext): Consequence {
  if (before === after) return { kind: 'identical' }
  const old = before === undefined ? undefined : podOf(before, context)
  const next = podOf(after, context)
  if (next === undefined) return old === undefined ? { kind: 'none' } : { kind: 'broken', before: nameOf(old) }
  const pod = nameOf(next)
  const uid = next.metadata.uid ?? ''
  if (old === undefined) return { kind: 'started', pod, uid }
  if (old.metadata.uid === uid) return { kind: 'same', pod }
  return nameOf(old) === pod ? { kind: 'replaced', pod, uid } : { kind: 'renamed', before: nameOf(old), pod, uid }
}

function podOf(text: string, { path, node }: ProblemContext): Pod | undefined {
  const read = readStaticPod(new TextEncoder().encode(text), { path, nodeName: node, seen: '1970-01-01T00:00:00Z' })
  return read.ok ? read.pod : undefined
}

function nameOf({ metadata }: Pod): string {
  const { name = '', namespace = 'default' } = metadata
  return namespace === 'default' ? name : `${namespace}/${name}`
}
