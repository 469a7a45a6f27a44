/** Renames, clones, exports and imports labs; each tells what has come of it. */
import { useI18n } from 'vue-i18n'
import { MAX_ARCHIVE_BYTES, type ImportedLab, type LeftOutFile } from '@common/lab/lab-archive.ts'
import { call } from '../bridge/client.ts'
import { renameLab } from '../model/rename-lab.ts'
import { saveBase64 } from '../model/save-base64.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNotify } from './use-notify.ts'
import { useTellStarted } from './use-tell-started.ts'

export interface CopyChoice {
  /** Another name than the file's; empty: that one. */
  name: string
  up: boolean
}

export interface LabTransfers {
  /** A lab that runs is stopped for it, and started again. */
  rename(lab: string, name: string): Promise<boolean>
  clone(lab: string, choice: CopyChoice): Promise<boolean>
  export(lab: string): Promise<boolean>
  /** Of a file that the user has chosen, or by the path of one. */
  import(source: File | string, choice: CopyChoice): Promise<boolean>
}

const TOLD_FILES = 5
const BYTES_AT_ONCE = 0x8000

export function useLabTransfers(): LabTransfers {
  const labs = useLabsStore()
  const notify = useNotify()
  const tellStarted = useTellStarted()
  const { t } = useI18n()

  function tellImported({ status, manifests, missingImages, leftOut }: ImportedLab, title: string): void {
    labs.setLab(status)
    labs.choose(status.name)
    const images =
      missingImages.length === 0
        ? ''
        : t('labs.missingImages', { images: missingImages.join(', ') }, missingImages.length)
    const state = status.state === 'stopped' ? t('labs.notRunning', { count: manifests }, manifests) : ''
    notify.success(title, { detail: [state, images, describeLeftOut(leftOut)].filter((text) => text !== '').join(' ') })
  }

  function describeLeftOut(files: readonly LeftOutFile[]): string {
    if (files.length === 0) return ''
    const told = files.slice(0, TOLD_FILES).map(({ node, path, why }) => `${node}: ${path} (${t(`labs.why.${why}`)})`)
    const more = files.length > TOLD_FILES ? ', …' : ''
    return t('labs.leftOut', { files: `${told.join(', ')}${more}` })
  }

  return {
    rename: (lab, name) =>
      notify.attempt(t('labs.failed.rename', { lab }), async () => {
        const isOn = labs.labs.get(lab)?.state !== 'stopped'
        const isChosen = labs.current?.name === lab
        const steps = {
          isOn,
          down: async () => labs.setLab(await call('lab/down', { lab })),
          rename: () => call('lab/rename', { lab, name }),
          up: async (as: string) => tellStarted(await call('lab/up', { lab: as })),
        }
        await renameLab(lab, steps, (renamed) => {
          labs.removeLab(lab)
          labs.setLab(renamed)
          if (isChosen) labs.choose(name)
          notify.success(t('labs.renamed', { lab, name }))
        })
      }),
    clone: (lab, { name, up }) =>
      notify.attempt(t('labs.failed.clone', { lab }), async () =>
        tellImported(await call('lab/clone', { lab, name, up }), t('labs.cloned', { lab, name })),
      ),
    export: (lab) =>
      notify.attempt(t('labs.failed.export', { lab }), async () => {
        const { name, path, content, leftOut, images } = await call('lab/export', { lab })
        if (content !== null) saveBase64(name, content, 'application/gzip')
        const where = path === null ? t('labs.downloaded', { name }) : t('labs.saved', { path })
        const needs = images.length === 0 ? '' : t('labs.needs', { images: images.join(', ') })
        const detail = [where, needs, describeLeftOut(leftOut)].filter((text) => text !== '').join(' ')
        notify.success(t('labs.exported', { lab }), { detail })
      }),
    import: (source, { name, up }) =>
      notify.attempt(t('labs.failed.import'), async () => {
        const file =
          typeof source === 'string' ? { path: source } : { content: await toBase64(source, t('labs.tooLarge')) }
        const imported = await call('lab/import', { ...file, ...(name !== '' && { name }), up })
        tellImported(imported, t('labs.imported', { lab: imported.status.name }))
      }),
  }
}

async function toBase64(file: File, tooLarge: string): Promise<string> {
  if (file.size > MAX_ARCHIVE_BYTES) throw new Error(tooLarge)
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(at, at + BYTES_AT_ONCE))
  return btoa(text)
}
