import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { withFileLock } from './file-lock.ts'

/** More than any system counts to. */
const NO_PID = 5_000_000
const folder = mkdtempSync(join(tmpdir(), 'node-lab-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lets real file operations happen until it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 20_000
  while (performance.now() < deadlineMs) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error('it never came to be')
}

async function ownerWhileHeld(file: string): Promise<unknown> {
  const read = (): Promise<unknown> => Promise.resolve(JSON.parse(readFileSync(file, 'utf8')))
  const held = withFileLock({ clock: new FakeClock(), file, onWait: () => undefined }, read)
  return ((await held) as { pid: unknown }).pid
}

describe('withFileLock', () => {
  it('given two at once, then the second works after the first and is told that it waits', async () => {
    const clock = new FakeClock()
    const path = join(folder, 'two')
    const order: string[] = []
    let release: () => void = () => undefined
    const first = withFileLock({ clock, file: path, onWait: () => order.push('never') }, async () => {
      order.push('first')
      await new Promise<void>((resolve) => (release = resolve))
    })
    await until(() => order.includes('first'))
    const second = withFileLock({ clock, file: path, onWait: () => order.push('waits') }, () =>
      Promise.resolve(order.push('second')),
    )
    await until(() => order.includes('waits'))
    release()
    await first
    await until(async () => {
      await clock.advance(200)
      return order.includes('second')
    })
    await second
    expect(order).toEqual(['first', 'waits', 'second'])
    expect(existsSync(path)).toBe(false)
  })

  it('given the lock of a process that has died, then it is taken over', async () => {
    const path = join(folder, 'dead')
    writeFileSync(path, JSON.stringify({ pid: NO_PID, started: '', id: 'dead' }))
    expect(await ownerWhileHeld(path)).toBe(process.pid)
  })

  it('given a lock whose pid is by now that of another process, then it is taken over', async () => {
    const path = join(folder, 'reused')
    // Process 1 lives on every machine; it began at another time than the owner did, as after a reboot.
    writeFileSync(path, JSON.stringify({ pid: 1, started: 'another-boot:1', id: 'earlier' }))
    expect(await ownerWhileHeld(path)).toBe(process.pid)
  })

  it('given a lock file with nothing in it, as a power cut may leave, then it is taken over', async () => {
    const path = join(folder, 'empty')
    writeFileSync(path, '')
    expect(await ownerWhileHeld(path)).toBe(process.pid)
  })

  it('given work that fails, then the lock is free again', async () => {
    const path = join(folder, 'fails')
    await expect(
      withFileLock({ clock: new FakeClock(), file: path, onWait: () => undefined }, () =>
        Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no')
    expect(existsSync(path)).toBe(false)
  })
})
