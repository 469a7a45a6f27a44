import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CONFIGURATION_FIELDS } from './configuration-fields.ts'
import { FIELDLESS_FLAGS } from './flag-table.ts'
import { renderSettingTable } from './render-setting-table.ts'
import { computeIneffective, FLAG_SUPPORT, SETTING_SUPPORT } from './setting-support.ts'
import { loadFile } from './testing/load.ts'

it('given the fields and flags of a kubelet, then of each of them it is said what becomes of it', () => {
  expect(Object.keys(SETTING_SUPPORT)).toEqual(Object.keys(CONFIGURATION_FIELDS))
  expect(Object.keys(FLAG_SUPPORT).toSorted()).toEqual([...FIELDLESS_FLAGS].toSorted())
})

it('given the tables, then the document shows them as they are (npm run update:docs)', () => {
  const document = readFileSync(new URL('../../../docs/kubelet-configuration.md', import.meta.url), 'utf8')
  expect(document).toContain(renderSettingTable())
})

it.each(Object.entries(SETTING_SUPPORT).filter(([, { state }]) => state !== 'honoured'))(
  'given %s in the file, when the kubelet starts, then its log names it once',
  (name) => {
    const lines: Record<string, string> = {
      hairpinMode: 'none',
      topologyManagerPolicy: 'none',
      nodeLeaseDurationSeconds: '40',
    }
    const text = `${name}: ${lines[name] ?? JSON.stringify(sampleOf(name))}\n`
    const named = loadFile(text).warnings.filter(({ fields }) => Object.hasOwn(Object(fields['settings']), name))
    expect(named).toHaveLength(1)
  },
)

/** A value that passes: its default, or the smallest of its type. */
function sampleOf(name: string): unknown {
  const field = Object.entries(CONFIGURATION_FIELDS).find(([key]) => key === name)?.[1]
  if (field === undefined) throw new Error(`there is no field ${name}`)
  if ('default' in field && field.default !== undefined) return field.default
  switch (field.type) {
    case 'string':
      return ''
    case 'bool':
      return false
    case 'int32':
      return 0
    case 'strings':
      return []
    default:
      return {}
  }
}

it('given labels of the node, which pods may ask for, then they are not said to be without effect', () => {
  expect(computeIneffective([], ['node-labels', 'register-schedulable'])).toEqual({
    '--register-schedulable': '`--register-with-taints` says it',
  })
})
