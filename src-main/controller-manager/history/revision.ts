/** ControllerRevisions: what a workload's template was at each of its versions (pkg/controller/history; facts 6.5.7). Pure. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ControllerRevision } from '../../common/api/controller-revision.ts'
import type { PodTemplateSpec } from '../../common/api/pod-template.ts'
import { canonicalJSON } from '../../common/manifest/canonical-json.ts'
import { newControllerReference } from '../control/owner-reference.ts'
import { templateHash } from '../control/template-hash.ts'

/** The hash of its revision, on pods and on the revision itself. */
export const REVISION_HASH_LABEL = 'controller-revision-hash'

/**
 * The strategic merge patch that brings a template back, whatever stands there. `kubectl rollout undo` sends it as it is, and
 * says that there is nothing to do when its bytes are those that it computes itself: members in order, and a time that is not
 * there written as Go wrote it.
 */
export function templatePatch(template: PodTemplateSpec): unknown {
  const metadata = { creationTimestamp: null, ...template.metadata }
  return JSON.parse(canonicalJSON({ spec: { template: { ...template, metadata, $patch: 'replace' } } }))
}

/** A revision of `owner` as it is sent. It tells the owner's annotations of that moment, the cause of the change among them. */
export function newRevision(
  owner: ApiObject,
  template: PodTemplateSpec,
  { revision, collisionCount }: { revision: number; collisionCount: number },
): ControllerRevision {
  const { name = '', namespace, annotations } = owner.metadata
  const hash = templateHash(template, collisionCount)
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata?.labels, [REVISION_HASH_LABEL]: hash },
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ownerReferences: [newControllerReference(owner)],
    },
    data: templatePatch(template),
    revision,
  }
}

/** 0 when there is none. */
export function highestRevision(revisions: readonly ControllerRevision[]): number {
  return Math.max(0, ...revisions.map(({ revision }) => revision))
}

export function hashOf({ metadata }: { metadata: ApiObject['metadata'] }): string {
  return metadata.labels?.[REVISION_HASH_LABEL] ?? ''
}

/** Those beyond `limit`, oldest first; never one whose hash a pod carries. */
export function surplusRevisions(
  old: readonly ControllerRevision[],
  limit: number,
  liveHashes: ReadonlySet<string>,
): ControllerRevision[] {
  const surplus = Math.max(0, old.length - limit)
  return old
    .filter((revision) => !liveHashes.has(hashOf(revision)))
    .toSorted((left, right) => left.revision - right.revision)
    .slice(0, surplus)
}
