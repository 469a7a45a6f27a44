/** The menu bar: Electron's standard roles in the language that was chosen, and the places of the app. */
import type { MenuItemConstructorOptions } from 'electron'
import type { MenuPlace } from '../../common/ipc/app-link.ts'
import type { DesktopTexts } from './desktop-texts.ts'

export interface MenuActions {
  open(place: MenuPlace): void
  /** One step larger (1), smaller (-1), or the natural size (0). */
  zoom(step: 1 | 0 | -1): void
}

type Item = MenuItemConstructorOptions

const SEPARATOR: Item = { type: 'separator' }

export function computeAppMenu(platform: NodeJS.Platform, texts: DesktopTexts, actions: MenuActions): Item[] {
  const isMac = platform === 'darwin'
  const settings: Item = {
    label: texts.settings,
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.open('settings'),
  }
  const quit: Item = { role: 'quit', label: texts.quit }
  const close: Item = { role: 'close', label: texts.closeWindow }
  return [
    ...(isMac ? [{ label: 'Node Lab', submenu: macItems(texts, settings, quit) }] : []),
    { label: texts.menus.file, submenu: isMac ? [close] : [settings, SEPARATOR, close, quit] },
    { label: texts.menus.edit, submenu: editItems(texts) },
    { label: texts.menus.view, submenu: viewItems(texts, actions) },
    {
      label: texts.menus.window,
      submenu: [
        { role: 'minimize', label: texts.minimize },
        ...(isMac ? [SEPARATOR, { role: 'front' as const, label: texts.front }] : []),
      ],
    },
  ]
}

function macItems(texts: DesktopTexts, settings: Item, quit: Item): Item[] {
  return [
    { role: 'about', label: texts.about },
    SEPARATOR,
    settings,
    SEPARATOR,
    { role: 'services', label: texts.services },
    SEPARATOR,
    { role: 'hide', label: texts.hide },
    { role: 'hideOthers', label: texts.hideOthers },
    { role: 'unhide', label: texts.showAll },
    SEPARATOR,
    quit,
  ]
}

/** Of the menu bar, and of a right click into text. */
export function editItems(texts: DesktopTexts): Item[] {
  return [
    { role: 'undo', label: texts.undo },
    { role: 'redo', label: texts.redo },
    SEPARATOR,
    { role: 'cut', label: texts.cut },
    { role: 'copy', label: texts.copy },
    { role: 'paste', label: texts.paste },
    SEPARATOR,
    { role: 'selectAll', label: texts.selectAll },
  ]
}

function viewItems(texts: DesktopTexts, { open, zoom }: MenuActions): Item[] {
  return [
    { label: texts.board, click: () => open('board') },
    { label: texts.timeline, click: () => open('timeline') },
    { label: texts.diagnostics, click: () => open('diagnostics') },
    SEPARATOR,
    { label: texts.zoomIn, accelerator: 'CmdOrCtrl+Plus', click: () => zoom(1) },
    // The same key without Shift, which most keyboards need for the plus.
    { label: texts.zoomIn, accelerator: 'CmdOrCtrl+=', visible: false, click: () => zoom(1) },
    { label: texts.zoomOut, accelerator: 'CmdOrCtrl+-', click: () => zoom(-1) },
    { label: texts.zoomReset, accelerator: 'CmdOrCtrl+0', click: () => zoom(0) },
    SEPARATOR,
    { role: 'togglefullscreen', label: texts.fullScreen },
  ]
}
