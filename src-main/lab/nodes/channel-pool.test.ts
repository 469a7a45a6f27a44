import { expect, it } from 'vitest'
import type { Engine } from '../engine/engine.ts'
import type { NodeChannel } from './channel-client/node-channel.ts'
import { ChannelPool } from './channel-pool.ts'

/** Never asked anything: the pool only hands it on. */
const engine = {} as Engine

function newPool(): { pool: ChannelPool; open: Set<string> } {
  const open = new Set<string>()
  const pool = new ChannelPool((_engine, container) => {
    open.add(container)
    return { dispose: () => void open.delete(container) } as unknown as NodeChannel
  })
  return { pool, open }
}

it('given channels of an engine that was replaced, when they are asked for again, then they are opened anew', () => {
  const { pool, open } = newPool()
  const before = pool.get(engine, 't', 'node01')
  pool.closeAll()
  expect(open.size).toBe(0)
  expect(pool.get(engine, 't', 'node01')).not.toBe(before)
})

it('given a pool that was disposed of, when somebody late asks for a channel, then none is opened', () => {
  const { pool, open } = newPool()
  pool.get(engine, 't', 'node01')
  pool.dispose()
  expect(() => pool.get(engine, 't', 'node01')).toThrow('the lab manager has ended')
  expect([...open]).toEqual([])
})
