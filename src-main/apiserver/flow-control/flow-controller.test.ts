import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../base/testing/fake-clock.ts'
import { StatusError } from '../../kube/status-error.ts'
import type { UserInfo } from '../authentication/user-info.ts'
import { parseRequestInfo, type RequestInfo } from '../endpoints/request-info.ts'
import { FlowController } from './flow-controller.ts'

const POD_STATUS = parse('PATCH', '/api/v1/namespaces/default/pods/web/status')
const NODE_LEASE = parse('PUT', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node01')
const LEADER_LEASE = parse('PUT', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler')
const SCHEDULER: UserInfo = { name: 'system:kube-scheduler', groups: ['system:authenticated'] }
const ADMIN: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

function parse(method: string, path: string): RequestInfo {
  return parseRequestInfo(method, path, new URLSearchParams())
}

function node(name: string): UserInfo {
  return { name: `system:node:${name}`, groups: ['system:nodes', 'system:authenticated'] }
}

/** A controller of that many seats; what it works on ends when told to. */
function givenSeats(maxInflight: number) {
  const clock = new FakeClock()
  const controller = new FlowController({ clock, maxInflight })
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const ask = (name: string, user: UserInfo, info: RequestInfo, signal = new AbortController().signal) =>
    controller
      .run(user, info, signal, async () => {
        started.push(name)
        await new Promise<void>((resolve) => ends.set(name, resolve))
        return 'done'
      })
      .catch((error: unknown) => (error instanceof StatusError ? error.status.code : String(error)))
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.()
    await settle()
  }
  return { clock, started, ask, end }
}

describe('flow control', () => {
  it('given a free seat, when a request comes, then it is worked on at once', async () => {
    const { started, ask, end } = givenSeats(1)
    const answer = ask('first', node('a'), POD_STATUS)
    await settle()
    expect(started).toEqual(['first'])
    await end('first')
    expect(await answer).toBe('done')
  })

  it('given no free seat, when heartbeats and lease renewals come after many reports, then they are next', async () => {
    const { started, ask, end } = givenSeats(1)
    void ask('busy', node('a'), POD_STATUS)
    for (const name of ['b', 'c', 'd']) void ask(`report ${name}`, node(name), POD_STATUS)
    void ask('leader', SCHEDULER, LEADER_LEASE)
    void ask('heartbeat', node('e'), NODE_LEASE)
    for (const name of ['busy', 'heartbeat', 'leader']) await end(name)
    expect(started).toEqual(['busy', 'heartbeat', 'leader', 'report b'])
  })

  it('given one node that asks a lot, when another asks once, then it has the next turn but one', async () => {
    const { started, ask, end } = givenSeats(1)
    void ask('busy', node('a'), POD_STATUS)
    for (const index of [1, 2, 3]) void ask(`loud ${index}`, node('loud'), POD_STATUS)
    void ask('quiet', node('quiet'), POD_STATUS)
    for (const name of ['busy', 'loud 1', 'quiet', 'loud 2']) await end(name)
    expect(started).toEqual(['busy', 'loud 1', 'quiet', 'loud 2', 'loud 3'])
  })

  it('given seats lent to another level, when a level that has too few waits, then it gets the next ones', async () => {
    const { started, ask, end } = givenSeats(7)
    for (let index = 1; index <= 7; index++) void ask(`node ${index}`, node(`n${index}`), POD_STATUS)
    void ask('node 8', node('n8'), POD_STATUS)
    void ask('scheduler', SCHEDULER, POD_STATUS)
    await end('node 1')
    expect(started.at(-1)).toBe('scheduler')
    await end('node 2')
    expect(started.at(-1)).toBe('node 8')
  })

  it('given no free seat, when an administrator or a probe asks, then neither waits', async () => {
    const { started, ask } = givenSeats(1)
    void ask('busy', node('a'), POD_STATUS)
    void ask('admin', ADMIN, POD_STATUS)
    void ask('probe', { name: 'system:anonymous', groups: [] }, parse('GET', '/livez'))
    await settle()
    expect(started).toEqual(['busy', 'admin', 'probe'])
  })

  it('given no free seat, when a request has waited for 15 s, then it is told to come back', async () => {
    const { clock, ask, started } = givenSeats(1)
    void ask('busy', node('a'), POD_STATUS)
    const answer = ask('late', node('b'), POD_STATUS)
    await clock.advance(15_000)
    expect(await answer).toBe(429)
    expect(started).toEqual(['busy'])
  })

  it('given a request that waits, when its client goes, then it takes nobody’s turn', async () => {
    const { clock, ask, started, end } = givenSeats(1)
    const client = new AbortController()
    void ask('busy', node('a'), POD_STATUS)
    const gone = ask('gone', node('b'), POD_STATUS, client.signal)
    void ask('next', node('c'), POD_STATUS)
    client.abort(new Error('the client is gone'))
    expect(await gone).toBe('Error: the client is gone')
    await end('busy')
    expect(started).toEqual(['busy', 'next'])
    await end('next')
    expect(clock.pendingTimers).toBe(0)
  })
})
