/** Who calls the kubelet's API, as an API server of ours says (facts 5.5). */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newGuardedApiServer, type GuardedApiServer } from '../../apiserver/testing/new-guarded-api-server.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import { computeRequestAttributes } from '../server/request-attributes.ts'
import { apiReviewers } from './api-reviewers.ts'
import { SERVICE_ACCOUNTS } from '../../kube/resources.ts'

interface TokenRequest extends ApiObject {
  spec: object
  status?: { token: string }
}

let server: GuardedApiServer
beforeEach(async () => {
  server = await newGuardedApiServer()
})
afterEach(() => server[Symbol.asyncDispose]())

it('given a token of a service account, when it is reviewed with the node’s credential, its account is told', async () => {
  const { administrator, kubelet } = server
  const metadata = { name: 'agent', namespace: 'default' }
  await administrator.create(SERVICE_ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  const { status } = await administrator.create<TokenRequest>(
    SERVICE_ACCOUNTS,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec: { expirationSeconds: 3600 } },
    { ...metadata, subresource: 'token' },
  )
  const { tokens } = apiReviewers(kubelet)
  expect(await tokens.review(status?.token ?? '')).toMatchObject({
    name: 'system:serviceaccount:default:agent',
    groups: expect.arrayContaining(['system:serviceaccounts']) as string[],
  })
  expect(await tokens.review('nonsense')).toBeUndefined()
})

it('given a caller, when the node asks whether he may, administrators may and nobody else', async () => {
  const { access } = apiReviewers(server.kubelet)
  const [attributes] = computeRequestAttributes('GET', 'containerLogs', 'node01')
  if (attributes === undefined) throw new Error('a request has attributes')
  expect(await access.isAllowed({ name: 'kubernetes-admin', groups: ['system:masters'] }, attributes)).toBe(true)
  expect(await access.isAllowed({ name: 'ada', groups: ['system:authenticated'] }, attributes)).toBe(false)
})
