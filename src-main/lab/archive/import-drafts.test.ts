import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { withLabLock } from '../lifecycle/lab-lock.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { TestHome } from '../testing/test-home.ts'
import { removeImportDrafts } from './import-drafts.ts'

let home: TestHome

beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

describe('given what imports have written so far', () => {
  it('when one lives and one was killed, then only the latter goes', async () => {
    const store = new LabStore(new HomeLayout(home.folder))
    const context = { clock: systemClock(), logger: silentLogger, store }
    for (const lab of ['killed', 'living'])
      mkdirSync(path.join(store.layout.importDraft(lab), 'nodes'), { recursive: true })
    await withLabLock(context, 'living', { task: 'lab-import' }, () => removeImportDrafts(context))
    expect(['killed', 'living'].map((lab) => existsSync(store.layout.importDraft(lab)))).toEqual([false, true])
  })
})
