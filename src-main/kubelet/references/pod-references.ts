/** What a pod takes from the API server: contents of ConfigMaps and Secrets, and tokens of its service account. */
import type { Container, Pod } from '../../common/api/core.ts'

export type ReferencedKind = 'configmap' | 'secret'

/** `missing` and `failed`: `message` says why, in upstream's words. */
export type ReferencedData =
  | { state: 'found'; data: ReadonlyMap<string, Buffer> }
  | { state: 'missing' | 'failed'; message: string }

export interface TokenRequest {
  audience: string
  expirationSeconds: number
}

export type ServiceAccountToken = { state: 'found'; token: string } | { state: 'failed'; message: string }

/** As they were read for the present sync of one pod. */
export interface PodReferences {
  data(kind: ReferencedKind, name: string): ReferencedData
  token(request: TokenRequest): ServiceAccountToken
}

/** Keeps what pods refer to; a kubelet without an API server has none. */
export interface ReferenceStore {
  /** Reads what the pod refers to, where that is not known or too old. Does not throw. */
  load(pod: Pod): Promise<void>
  /** What was loaded for the pod. */
  of(pod: Pod): PodReferences
  forget(uid: string): void
}

export interface ReferenceNames {
  objects: { kind: ReferencedKind; name: string }[]
  tokens: TokenRequest[]
}

/** Pure. Each once. */
export function computeReferences({ spec }: Pod): ReferenceNames {
  const objects = new Map<string, { kind: ReferencedKind; name: string }>()
  const tokens = new Map<string, TokenRequest>()
  const add = (kind: ReferencedKind, name: string | undefined): void => {
    if (name !== undefined && name !== '') objects.set(`${kind}/${name}`, { kind, name })
  }
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) addEnvironment(container, add)
  for (const { configMap, secret, projected } of spec.volumes ?? []) {
    add('configmap', asText(configMap?.['name']))
    add('secret', asText(secret?.['secretName']))
    for (const source of projected?.sources ?? []) {
      add('configmap', asText(source.configMap?.['name']))
      add('secret', asText(source.secret?.['name']))
      if (source.serviceAccountToken === undefined) continue
      const request = tokenRequestOf(source.serviceAccountToken)
      tokens.set(tokenKey(request), request)
    }
  }
  return { objects: [...objects.values()], tokens: [...tokens.values()] }
}

/** Of a projected `serviceAccountToken` source: an hour unless told otherwise. */
export function tokenRequestOf(source: Record<string, unknown>): TokenRequest {
  const seconds = source['expirationSeconds']
  return {
    audience: asText(source['audience']) ?? '',
    expirationSeconds: typeof seconds === 'number' ? seconds : 3600,
  }
}

export function tokenKey({ audience, expirationSeconds }: TokenRequest): string {
  return `${expirationSeconds}/${audience}`
}

function addEnvironment(container: Container, add: (kind: ReferencedKind, name: string | undefined) => void): void {
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    add('configmap', configMapRef?.name)
    add('secret', secretRef?.name)
  }
  for (const { valueFrom } of container.env ?? []) {
    add('configmap', valueFrom?.configMapKeyRef?.name)
    add('secret', valueFrom?.secretKeyRef?.name)
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
