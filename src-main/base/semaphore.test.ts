import { describe, expect, it } from 'vitest'
import { Semaphore } from './semaphore.ts'

describe('Semaphore', () => {
  it('given two places, then never more than two work at once, in the order of their coming', async () => {
    const semaphore = new Semaphore(2)
    const began: number[] = []
    let working = 0
    let most = 0
    await Promise.all(
      [1, 2, 3, 4, 5].map((number) =>
        semaphore.run(async () => {
          began.push(number)
          most = Math.max(most, ++working)
          await Promise.resolve()
          working--
        }),
      ),
    )
    expect(began).toEqual([1, 2, 3, 4, 5])
    expect(most).toBe(2)
  })

  it('given work that fails, then its place is free again', async () => {
    const semaphore = new Semaphore(1)
    await expect(semaphore.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(semaphore.run(() => Promise.resolve('yes'))).resolves.toBe('yes')
  })
})
