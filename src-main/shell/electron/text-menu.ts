/** The menu of a right click: what can be done with text there, and none where there is nothing to do. */
import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron'
import { editItems } from './app-menu.ts'
import type { DesktopTexts } from './desktop-texts.ts'

export type TextUnderMouse = Pick<ContextMenuParams, 'isEditable' | 'selectionText'> & {
  editFlags: Pick<
    ContextMenuParams['editFlags'],
    'canUndo' | 'canRedo' | 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll'
  >
}

export function computeTextMenu(under: TextUnderMouse, texts: DesktopTexts): MenuItemConstructorOptions[] {
  if (!under.isEditable) {
    return under.selectionText.trim() === '' ? [] : [{ role: 'copy', label: texts.copy }]
  }
  const { canUndo, canRedo, canCut, canCopy, canPaste, canSelectAll } = under.editFlags
  const enabled: Partial<Record<NonNullable<MenuItemConstructorOptions['role']>, boolean>> = {
    undo: canUndo,
    redo: canRedo,
    cut: canCut,
    copy: canCopy,
    paste: canPaste,
    selectAll: canSelectAll,
  }
  return editItems(texts).map((item) =>
    item.role === undefined ? item : { ...item, enabled: enabled[item.role] ?? true },
  )
}
