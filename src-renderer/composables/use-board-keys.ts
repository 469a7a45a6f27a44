/**
 * The board by keyboard: arrows go from node to node, file to file and file to pod; Space picks, Ctrl+X, Ctrl+C and Ctrl+V carry,
 * Delete removes, Ctrl+Z takes back, Escape lets go of what is picked or cut. Nothing of it acts while words are written somewhere.
 */
import { useEventListener } from '@vueuse/core'
import type { Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { findNextCell, isCell } from '../model/board-cells.ts'
import { isWrittenInto } from '../model/key-target.ts'
import { useAnnouncerStore } from '../stores/announcer-store.ts'
import { usePicksStore, type FileReference } from '../stores/picks-store.ts'
import { usePlacementStore } from '../stores/placement-store.ts'
import { call } from '../bridge/client.ts'
import { useCloseKey } from './use-close-key.ts'
import { useManifestActions } from './use-manifest-actions.ts'
import { useOutsideFiles } from './use-outside-files.ts'
import { useUndo } from './use-undo.ts'

export function useBoardKeys(board: Readonly<Ref<HTMLElement | null>>, lab: () => string | undefined): void {
  const picks = usePicksStore()
  const placements = usePlacementStore()
  const announcer = useAnnouncerStore()
  const actions = useManifestActions()
  const outside = useOutsideFiles()
  const undo = useUndo()
  const { t } = useI18n()

  function onKeydown(event: KeyboardEvent): void {
    if (isElsewhere(event)) return
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
    const isHandled = isCommand ? runCommand(event.key.toLowerCase()) : runKey(event)
    if (isHandled) event.preventDefault()
  }

  function runCommand(key: string): boolean {
    switch (key) {
      case 'x':
        return take('cut')
      case 'c':
        return take('copy')
      case 'z':
        void undoLast()
        return true
      default:
        return false
    }
  }

  async function undoLast(): Promise<void> {
    const name = lab()
    const isDone = name !== undefined && (await undo.undoLast(name))
    if (!isDone) announcer.say(t('announce.nothingToUndo'))
  }

  function runKey(event: KeyboardEvent): boolean {
    if (event.altKey) return false
    const file = focusedFile()
    switch (event.key) {
      case ' ':
        return file !== undefined && togglePick(file)
      case 'Delete':
        return file !== undefined && removeFrom(file)
      default:
        return moveFocus(event.key)
    }
  }

  function letGo(): false | void {
    if (picks.isEmpty && picks.clip === undefined) return false
    picks.clear()
    picks.clip = undefined
  }

  function moveFocus(key: string): boolean {
    const { activeElement } = document
    const { value } = board
    if (value === null || !isCell(activeElement)) return false
    const next = findNextCell(value, activeElement, key)
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
    return next !== undefined
  }

  function togglePick(file: FileReference): true {
    picks.toggleFile(file)
    const { name } = file
    const count = picks.files.length
    announcer.say(t(picks.hasFile(file) ? 'announce.picked' : 'announce.unpicked', { name, count }))
    return true
  }

  function removeFrom(file: FileReference): boolean {
    const name = lab()
    if (name === undefined) return false
    const files = picks.withFile(file)
    picks.clear()
    void actions.remove(name, files)
    return true
  }

  function take(mode: 'cut' | 'copy'): boolean {
    const name = lab()
    const file = focusedFile()
    // Words that were marked with the pointer are what Ctrl+C is about.
    if (name === undefined || file === undefined || getSelection()?.isCollapsed === false) return false
    const files = picks.withFile(file)
    picks.clip = { mode, lab: name, files, text: undefined }
    announcer.say(
      t(mode === 'cut' ? 'announce.cut' : 'announce.copied', { names: files.map((one) => one.name).join(', ') }),
    )
    void shareWithSystem()
    return true
  }

  /** Other programs get the text; where that is not allowed, the board's own memory is enough. */
  async function shareWithSystem(): Promise<void> {
    const { clip } = picks
    if (clip === undefined) return
    try {
      const contents = await Promise.all(clip.files.map((file) => call('manifest/read', { lab: clip.lab, ...file })))
      const text = contents.map(({ content }) => content).join('---\n')
      await navigator.clipboard.writeText(text)
      if (picks.clip === clip) picks.clip = { ...clip, text }
    } catch {
      return
    }
  }

  function onPaste(event: ClipboardEvent): void {
    const name = lab()
    if (name === undefined || isElsewhere(event)) return
    const entries = [...(event.clipboardData?.files ?? [])]
    const text = event.clipboardData?.getData('text/plain') ?? ''
    const { clip } = picks
    const node = focusedNode()
    const nodes = node === undefined ? picks.nodes : picks.withNode(node)
    const isOwn = clip !== undefined && (clip.text === undefined || text === '' || isSameText(clip.text, text))
    if (entries.length === 0 && !isOwn && text.trim() === '') return
    event.preventDefault()
    if (entries.length > 0 && nodes.length > 0) void outside.placeFiles(name, nodes, entries)
    else if (isOwn && nodes.length > 0) pasteClip(nodes)
    else if (text.trim() !== '') placements.openDraft({ name: '', content: text, ...(node !== undefined && { node }) })
  }

  function pasteClip(nodes: readonly string[]): void {
    const { clip } = picks
    if (clip === undefined) return
    if (clip.mode === 'cut') picks.clip = undefined
    picks.clear()
    void actions.transfer(clip.lab, clip.files, nodes, clip.mode === 'cut' ? 'move' : 'copy')
  }

  useCloseKey(letGo)
  useEventListener(document, 'keydown', onKeydown)
  useEventListener(document, 'paste', onPaste)
}

/** Fields, dialogs and menus have keys of their own. */
function isElsewhere(event: Event): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null || isWrittenInto(event)
}

/** A file that can be carried, when the focus is on its own cell: the buttons inside a row have keys of their own. */
function focusedFile(): FileReference | undefined {
  const { activeElement } = document
  if (!isCell(activeElement)) return undefined
  const name = activeElement.closest('[data-file][draggable="true"]')?.getAttribute('data-file') ?? undefined
  const node = focusedNode()
  return name === undefined || node === undefined ? undefined : { node, name }
}

function focusedNode(): string | undefined {
  return document.activeElement?.closest('[data-node]')?.getAttribute('data-node') ?? undefined
}

/** A clipboard may end its lines otherwise than it was told. */
function isSameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n')
}
