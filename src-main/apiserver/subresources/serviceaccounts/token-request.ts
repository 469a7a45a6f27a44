/** `serviceaccounts/token`: a new token, bound to a pod, a secret or a node if asked (pkg/registry/core/serviceaccount/storage/token.go). */
import { formatTime } from '../../registry/prepare-object.ts'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import type { Pod } from '../../../common/api/core.ts'
import { array, INT64, object, pointer, required, STRING, TIME } from '../../../common/api/field-schema.ts'
import { kindSchema } from '../../../common/api/kind-schema.ts'
import { invalid } from '../../../common/validation/field-error.ts'
import { badRequest, conflict, invalid as invalidObject, notFound } from '../../../kube/status-error.ts'
import type { BoundReference, ServiceAccountTokens, TokenBinding } from '../../authentication/service-account-tokens.ts'
import type { Subresource, SubresourceAnswer, SubresourceRequest } from '../../endpoints/subresource.ts'
import { findObject } from '../../registry/find-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'

const DEFAULT_SECONDS = 3_600
const MIN_SECONDS = 600
const MAX_SECONDS = 2 ** 32
/** What admission asks for in pods: clients that never read the token again are spared, and noted, for a year. */
const POD_TOKEN_SECONDS = 3_607
const EXTENDED_SECONDS = 31_536_000
const TOKEN_REQUEST = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }

const SCHEMA = kindSchema('TokenRequest', {
  spec: required(
    object('TokenRequestSpec', {
      audiences: required(array(STRING)),
      expirationSeconds: pointer(INT64),
      boundObjectRef: pointer(
        object('BoundObjectReference', { kind: STRING, apiVersion: STRING, name: STRING, uid: STRING }),
      ),
    }),
  ),
  status: object('TokenRequestStatus', { token: required(STRING), expirationTimestamp: required(TIME) }),
})

interface BoundObjectReference {
  kind?: string
  apiVersion?: string
  name?: string
  uid?: string
}

interface TokenRequestSpec {
  audiences?: string[]
  expirationSeconds?: number
  boundObjectRef?: BoundObjectReference | null
}

export function serviceAccountToken(registry: Registry, tokens: ServiceAccountTokens): Subresource {
  return {
    group: '',
    resource: 'serviceaccounts',
    name: 'token',
    verbs: { POST: 'create' },
    kind: TOKEN_REQUEST,
    schema: SCHEMA,
    serve: (request) => issueToken(registry, tokens, request),
  }
}

async function issueToken(
  registry: Registry,
  tokens: ServiceAccountTokens,
  request: SubresourceRequest,
): Promise<SubresourceAnswer> {
  const { parent, context, namespace, name, dryRun } = request
  const body = await request.body()
  const account = await parent.get(context, namespace, name)
  if ((body.metadata.name ?? name) !== name)
    throw badRequest(
      `name ${JSON.stringify(body.metadata.name)} must match the service account name ${JSON.stringify(name)}`,
    )
  const spec = (body['spec'] ?? {}) as TokenRequestSpec
  const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS
  refuseLifetime(seconds, name)
  const bound = await findBound(registry, namespace, name, spec.boundObjectRef ?? undefined)
  const asked = spec.audiences ?? []
  const audiences = asked.length > 0 ? asked : [...tokens.audiences]
  const isExtended = seconds === POD_TOKEN_SECONDS && bound.pod !== undefined && isForServer(tokens, audiences)
  const { token, issuedAt } = await tokens.issue({
    binding: { namespace, serviceaccount: referenceTo(account), ...bound },
    audiences,
    lifetimeSeconds: isExtended ? EXTENDED_SECONDS : seconds,
    ...(isExtended ? { warnAfterSeconds: seconds } : {}),
  })
  const expirationTimestamp = formatTime((issuedAt + seconds) * 1000)
  const answer = {
    ...body,
    metadata: { name, namespace, creationTimestamp: formatTime(issuedAt * 1000) },
    spec: { ...spec, audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token: dryRun ? '' : token, expirationTimestamp },
  }
  return { type: 'object', code: 201, object: answer }
}

function isForServer(tokens: ServiceAccountTokens, audiences: readonly string[]): boolean {
  return audiences.every((audience) => tokens.audiences.includes(audience))
}

function refuseLifetime(seconds: number, name: string): void {
  const refuse = (why: string): never => {
    throw invalidObject(TOKEN_REQUEST, name, [invalid('spec.expirationSeconds', seconds, why)])
  }
  if (seconds < MIN_SECONDS) refuse('may not specify a duration less than 10 minutes')
  if (seconds > MAX_SECONDS) refuse('may not specify a duration larger than 2^32 seconds')
}

/** What the reference names, as claims. @throws StatusError when it is another object than meant, or none */
async function findBound(
  registry: Registry,
  namespace: string,
  account: string,
  reference: BoundObjectReference | undefined,
): Promise<Pick<TokenBinding, 'pod' | 'secret' | 'node'>> {
  if (reference === undefined) return {}
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference
  const find = async (resource: string, where: string): Promise<UnknownObject> => {
    const found = await findObject(registry, { group: '', resource }, where, name)
    if (found === undefined) throw notFound({ group: '', resource }, name)
    if (uid !== '' && uid !== found.metadata.uid)
      throw conflict(
        { group: '', resource },
        name,
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      )
    return found
  }
  switch (`${apiVersion} ${kind}`) {
    case 'v1 Pod': {
      const pod = await find('pods', namespace)
      const { serviceAccountName = '', nodeName = '' } = (pod as unknown as Pod).spec
      if (serviceAccountName !== account)
        throw badRequest(
          `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
        )
      const node = await findObject(registry, { group: '', resource: 'nodes' }, '', nodeName)
      return { pod: referenceTo(pod), ...(node === undefined ? {} : { node: referenceTo(node) }) }
    }
    case 'v1 Secret':
      return { secret: referenceTo(await find('secrets', namespace)) }
    case 'v1 Node':
      return { node: referenceTo(await find('nodes', '')) }
    default:
      throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`)
  }
}

function referenceTo({ metadata }: UnknownObject): BoundReference {
  return { name: metadata.name ?? '', uid: metadata.uid ?? '' }
}
