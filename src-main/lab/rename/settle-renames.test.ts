import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { readLockTask } from '../lifecycle/lab-lock.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { TestHome } from '../testing/test-home.ts'
import { withBothLocks } from './settle-renames.ts'

let home: TestHome

beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

describe('given the locks of a rename', () => {
  it('when others ask what both labs are locked for, then they are told', async () => {
    const context = { clock: systemClock(), store: new LabStore(new HomeLayout(home.folder)) }
    const waiting = { onProgress: () => undefined, signal: new AbortController().signal }
    const tasks = await withBothLocks(context, ['old', 'new'], waiting, () =>
      Promise.all(['old', 'new'].map((lab) => readLockTask(context, lab))),
    )
    expect(tasks).toEqual(['lab-rename', 'lab-rename'])
  })
})
