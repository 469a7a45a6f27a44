import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { withFileLock } from './file-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'node-lab-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('withFileLock', () => {
  it('given two at once, then the second works after the first and is told that it waits', async () => {
    const clock = new FakeClock()
    const path = join(folder, 'two')
    const order: string[] = []
    let release: () => void = () => undefined
    const first = withFileLock(
      clock,
      path,
      () => order.push('never'),
      async () => {
        order.push('first')
        await new Promise<void>((resolve) => (release = resolve))
      },
    )
    while (!order.includes('first')) await clock.advance(0)
    const second = withFileLock(
      clock,
      path,
      () => order.push('waits'),
      () => Promise.resolve(order.push('second')),
    )
    while (!order.includes('waits')) await clock.advance(0)
    release()
    await first
    for (let round = 0; round < 50 && !order.includes('second'); round++) await clock.advance(200)
    await second
    expect(order).toEqual(['first', 'waits', 'second'])
    expect(existsSync(path)).toBe(false)
  })

  it('given the lock of a process that has died, then it is taken over', async () => {
    const path = join(folder, 'dead')
    const { pid } = spawnSync('true')
    writeFileSync(path, String(pid))
    const owner = await withFileLock(
      new FakeClock(),
      path,
      () => undefined,
      () => Promise.resolve(readFileSync(path, 'utf8')),
    )
    expect(owner).toBe(String(process.pid))
  })

  it('given work that fails, then the lock is free again', async () => {
    const path = join(folder, 'fails')
    await expect(
      withFileLock(
        new FakeClock(),
        path,
        () => undefined,
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no')
    expect(existsSync(path)).toBe(false)
  })
})
