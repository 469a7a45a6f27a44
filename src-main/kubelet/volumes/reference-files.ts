/** Files whose contents come from the API server: of ConfigMaps, Secrets and tokens (pkg/volume/{configmap,secret,projected}). Pure. */
import { tokenRequestOf, type PodReferences, type ReferencedKind } from '../references/pod-references.ts'
import type { ProjectedFile } from './atomic-writer.ts'

/** `configMap` and `secret` of a volume or of a projection. */
interface ReferenceSource {
  items?: { key: string; path: string; mode?: number }[]
  optional?: boolean
}

/** @throws Error with the message of the mount's failure */
export function referenceFiles(
  references: PodReferences,
  kind: ReferencedKind,
  name: string,
  source: Record<string, unknown>,
  defaultMode: number,
): ProjectedFile[] {
  // Validated by the API server.
  const { items, optional } = source as ReferenceSource
  const found = references.data(kind, name)
  if (found.state !== 'found') {
    if (found.state === 'missing' && optional === true) return []
    throw new Error(found.message)
  }
  if (items === undefined || items.length === 0)
    return [...found.data].map(([path, content]) => ({ path, content, mode: defaultMode }))
  return items.flatMap(({ key, path, mode }) => {
    const content = found.data.get(key)
    if (content !== undefined) return [{ path, content, mode: mode ?? defaultMode }]
    if (optional === true) return []
    throw new Error(
      kind === 'configmap'
        ? `configmap references non-existent config key: ${key}`
        : `references non-existent secret key: ${key}`,
    )
  })
}

/** @throws Error with the message of the mount's failure */
export function tokenFile(references: PodReferences, source: Record<string, unknown>, mode: number): ProjectedFile {
  const token = references.token(tokenRequestOf(source))
  if (token.state === 'failed') throw new Error(token.message)
  return { path: typeof source['path'] === 'string' ? source['path'] : 'token', content: token.token, mode }
}
