import { afterEach, describe, expect, it } from 'vitest'
import type { FileWarning } from '@common/lab/file-verdict.ts'
import { nextTick } from 'vue'
import { i18n } from '../../locales/i18n.ts'
import { aVerdict } from '../../testing/fixtures.ts'
import { mountInApp } from '../../testing/mount-app.ts'
import FilePaper from './FilePaper.vue'

const notHonoured: FileWarning = {
  reason: 'FieldNotHonoured',
  message: 'spec.overhead is not carried out by this version of Node Lab: nothing is reserved for it.',
  field: 'spec.overhead',
  line: 6,
  column: 3,
}
const unknown: FileWarning = {
  reason: 'UnknownField',
  message: 'Pod has no field speck: a kubelet drops speck without a word; did you mean spec?',
  field: 'speck',
  line: 9,
}
const neverStarted: FileWarning = { reason: 'NotStarted', message: '', field: 'metadata.deletionTimestamp' }

afterEach(() => {
  document.body.innerHTML = ''
})

describe('the paper of an accepted file', () => {
  const paper = () =>
    mountInApp(FilePaper, {
      props: {
        file: aVerdict({ warnings: [notHonoured, unknown, neverStarted] }),
        lab: 'l',
        node: 'node01',
        tabStop: true,
      },
    })

  it('given warnings, then each names its field, what becomes of it, and its place', () => {
    const [first, second, third] = paper()
      .findAll('li')
      .map((item) => item.text())
    expect(first).toBe(`${notHonoured.message} (line 6, column 3)`)
    expect(second).toBe('Unknown field speck: a kubelet drops it without a word. (line 9)')
    expect(third).toContain('never started')
  })

  it('given Korean, then the warnings are Korean and name the field', async () => {
    const app = paper()
    i18n.global.locale.value = 'ko'
    await nextTick()
    const texts = app.findAll('li').map((item) => item.text())
    for (const [index, warning] of [notHonoured, unknown].entries()) {
      expect(texts[index]).toContain(warning.field)
      expect(texts[index]).toMatch(/[가-힣]/)
      expect(texts[index]).not.toContain('is not carried out')
    }
  })
})
