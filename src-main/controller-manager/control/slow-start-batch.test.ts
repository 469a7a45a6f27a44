import { describe, expect, it } from 'vitest'
import { slowStartBatch } from './slow-start-batch.ts'

/** How many run at once, batch by batch, when `fails` says which do not succeed. */
async function batchesOf(count: number, fails: (index: number) => boolean = () => false) {
  const batches: number[] = []
  let running = 0
  const result = await slowStartBatch(count, async (index) => {
    running++
    await new Promise((resolve) => setImmediate(resolve))
    if (running > 0) batches.push(running)
    running = 0
    if (fails(index)) throw new Error(`no ${index}`)
  })
  return { batches, result }
}

describe('slow start', () => {
  it('given ten that succeed, then they go in batches of one, two, four and the rest', async () => {
    const { batches, result } = await batchesOf(10)
    expect(batches).toEqual([1, 2, 4, 3])
    expect(result).toEqual({ succeeded: 10, error: undefined })
  })

  it('given one that fails in the second batch, then that batch ends, and no other begins', async () => {
    const { batches, result } = await batchesOf(10, (index) => index === 1)
    expect(batches).toEqual([1, 2])
    expect(result).toEqual({ succeeded: 2, error: new Error('no 1') })
  })

  it('given none to do, then nothing is done', async () => {
    expect(await batchesOf(0)).toEqual({ batches: [], result: { succeeded: 0, error: undefined } })
  })
})
