import { describe, expect, it } from 'vitest'
import { DESKTOP_TEXTS } from './desktop-texts.ts'
import { computeTextMenu, type TextUnderMouse } from './text-menu.ts'

const field: TextUnderMouse = {
  isEditable: true,
  selectionText: '',
  editFlags: { canUndo: false, canRedo: false, canCut: false, canCopy: false, canPaste: true, canSelectAll: true },
}

describe('computeTextMenu', () => {
  it('given a text field, when clicked, then what cannot be done there is greyed', () => {
    const items = computeTextMenu(field, DESKTOP_TEXTS.en).filter(({ role }) => role !== undefined)
    expect(items.filter(({ enabled }) => enabled === true).map(({ role }) => role)).toEqual(['paste', 'selectAll'])
    expect(items).toHaveLength(6)
  })

  it('given marked text that cannot be edited, when clicked, then it can be copied; given none, then there is no menu', () => {
    const text = { ...field, isEditable: false }
    expect(computeTextMenu({ ...text, selectionText: 'web' }, DESKTOP_TEXTS.ko)).toEqual([
      { role: 'copy', label: '복사' },
    ])
    expect(computeTextMenu({ ...text, selectionText: ' ' }, DESKTOP_TEXTS.en)).toEqual([])
  })
})
