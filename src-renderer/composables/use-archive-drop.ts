/** A file of a lab that is dropped anywhere onto the window asks to be imported; everything else is left to whoever takes it. */
import { useEventListener } from '@vueuse/core'
import { useLabDialogStore } from '../stores/lab-dialog-store.ts'

const ARCHIVE_NAME = /\.(?:tar\.gz|tgz)$/i
const ARCHIVE_TYPES = ['application/gzip', 'application/x-gzip', 'application/x-compressed-tar']

export function useArchiveDrop(): void {
  const dialog = useLabDialogStore()

  // Before the board, which would take it for a manifest.
  useEventListener(
    window,
    'dragover',
    (event: DragEvent) => {
      if (!isArchiveOnItsWay(event.dataTransfer)) return
      event.preventDefault()
      event.stopPropagation()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    },
    { capture: true },
  )
  useEventListener(
    window,
    'drop',
    (event: DragEvent) => {
      const [file, ...others] = event.dataTransfer?.files ?? []
      if (file === undefined || others.length > 0 || !ARCHIVE_NAME.test(file.name)) return
      event.preventDefault()
      event.stopPropagation()
      dialog.show({ kind: 'import', file })
    },
    { capture: true },
  )
}

/** While it is on its way, a file has a type and no name. */
function isArchiveOnItsWay(data: DataTransfer | null): boolean {
  const items = [...(data?.items ?? [])]
  return items.length === 1 && items.every(({ kind, type }) => kind === 'file' && ARCHIVE_TYPES.includes(type))
}
