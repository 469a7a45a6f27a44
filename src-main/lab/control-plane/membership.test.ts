import { describe, expect, it } from 'vitest'
import { makeAuthority } from '../pki/certificate.ts'
import { computeMembership, formatMembership, isSameMembership, parseMembership } from './membership.ts'
import type { ClusterPlace } from './node-files.ts'

async function newPlace(address = '172.30.0.11'): Promise<ClusterPlace> {
  const pair = await makeAuthority('kubernetes', 0)
  const serviceAccount = { privateKey: '', publicKey: '' }
  return {
    controlPlane: { node: 'controlplane', address },
    authorities: { cluster: pair, etcd: pair, frontProxy: pair, serviceAccount },
    now: 0,
  }
}

describe('membership of a node', () => {
  it('given a record, when it is written and read, it is the same', async () => {
    const membership = computeMembership(await newPlace(), '172.30.0.12')
    expect(parseMembership(formatMembership(membership))).toEqual(membership)
  })

  it('given a node that was told, when its address, the control plane or the authority is another, it has to be told again', async () => {
    const place = await newPlace()
    const membership = computeMembership(place, '172.30.0.12')
    expect(isSameMembership(membership, computeMembership(place, '172.30.0.12'))).toBe(true)
    const moved = { ...place, controlPlane: { node: 'controlplane', address: '172.31.0.11' } }
    for (const other of [
      computeMembership(place, '172.30.0.13'),
      computeMembership(moved, '172.30.0.12'),
      computeMembership(await newPlace(), '172.30.0.12'),
    ])
      expect(isSameMembership(membership, other)).toBe(false)
  })

  it.for([
    '',
    'null',
    '[]',
    '{"layout":1}',
    '{"layout":"1","address":"a","cluster":"c","controlPlane":{"node":"n","address":"a"}}',
    '{"layout":1,"address":"a","cluster":"c","controlPlane":null}',
    `{"layout":1,${'['.repeat(100_000)}`,
  ])('given a node that keeps %j for its record, when it is read, it is none', (text) => {
    expect(parseMembership(text)).toBeUndefined()
  })
})
