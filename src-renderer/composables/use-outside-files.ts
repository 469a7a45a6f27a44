/** Files and folders from other programs on their way to nodes: read, looked at, and told about where they are no manifests. */
import { useI18n } from 'vue-i18n'
import { MAX_MANIFEST_BYTES } from '@common/manifest/decode-manifest.ts'
import { decodeText, readEntries, type DroppedFile } from '../model/dropped-items.ts'
import { freeFileName } from '../model/placement.ts'
import { useManifestActions } from './use-manifest-actions.ts'
import { useNotify } from './use-notify.ts'

export interface OutsideFiles {
  /** What is no text is refused with a reason; the rest goes to each of the nodes. */
  placeFiles(lab: string, nodes: readonly string[], entries: readonly (FileSystemEntry | File)[]): Promise<void>
}

const TOLD_NAMES = 4

export function useOutsideFiles(): OutsideFiles {
  const actions = useManifestActions()
  const notify = useNotify()
  const { t } = useI18n()

  async function placeFiles(
    lab: string,
    nodes: readonly string[],
    entries: readonly (FileSystemEntry | File)[],
  ): Promise<void> {
    const { files, leftOut, unreadable, isCut } = await readEntries(entries)
    for (const name of unreadable)
      notify.failure(t('toast.failed.readFile', { name }), new Error(t('toast.unreadable')))
    const manifests: { name: string; content: string }[] = []
    for (const dropped of files) {
      await notify.attempt(t('toast.failed.readFile', { name: dropped.file.name }), async () => {
        const content = await read(dropped)
        // Files of one name from two folders would overwrite each other.
        manifests.push({ name: freeFileName(dropped.file.name, manifests), content })
      })
    }
    if (isCut) notify.failure(t('drop.tooMany'), new Error(t('drop.tooManyDetail', { count: files.length })))
    if (leftOut.length > 0) tellLeftOut(leftOut)
    if (files.length === 0 && leftOut.length === 0 && unreadable.length === 0) {
      notify.failure(t('drop.nothing'), new Error(t('drop.nothingDetail')))
    }
    await actions.place(nodes.flatMap((node) => manifests.map((manifest) => ({ lab, node, ...manifest }))))
  }

  async function read({ file }: DroppedFile): Promise<string> {
    if (file.size > MAX_MANIFEST_BYTES) throw new Error(t('toast.tooLarge'))
    const content = decodeText(await file.arrayBuffer())
    if (content.kind === 'binary') throw new Error(t('toast.notText'))
    return content.text
  }

  function tellLeftOut(names: readonly string[]): void {
    const told = names.slice(0, TOLD_NAMES).join(', ')
    const detail = names.length > TOLD_NAMES ? `${told}, …` : told
    notify.success(t('drop.leftOut', names.length), { detail })
  }

  return { placeFiles }
}
