import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ObjectMeta } from '../../common/api/meta.ts'
import { computeClaim } from './claim-objects.ts'

const GOING = { deletionTimestamp: '2026-01-01T00:00:00Z' }

function owner(metadata: Partial<ObjectMeta> = {}): ApiObject {
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web', uid: 'uid-web', ...metadata } }
}

function pod(controller: string | undefined, metadata: Partial<ObjectMeta> = {}): { metadata: ObjectMeta } {
  const reference = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'some', uid: controller ?? '', controller: true }
  return {
    metadata: { name: 'web-1', ...(controller === undefined ? {} : { ownerReferences: [reference] }), ...metadata },
  }
}

describe('whose an object is', () => {
  it.each([
    ['its own that matches', owner(), pod('uid-web'), true, 'own'],
    ['its own that matches no more', owner(), pod('uid-web'), false, 'release'],
    ['its own that matches no more, when it goes itself', owner(GOING), pod('uid-web'), false, 'ignore'],
    ['another one’s that matches', owner(), pod('uid-other'), true, 'ignore'],
    ['an orphan that matches', owner(), pod(undefined), true, 'adopt'],
    ['an orphan that does not', owner(), pod(undefined), false, 'ignore'],
    ['an orphan that matches and goes', owner(), pod(undefined, GOING), true, 'ignore'],
    ['an orphan that matches, when it goes itself', owner(GOING), pod(undefined), true, 'ignore'],
  ] as const)('given %s, then the claim says so', (_what, of, object, matches, claim) => {
    expect(computeClaim(of, object, matches)).toBe(claim)
  })
})
