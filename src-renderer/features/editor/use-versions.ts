/** Versions of a node's manifests: the list, the content of the chosen one, what the folder has now, and the way back. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { NodeTarget } from '@common/ipc/calls.ts'
import { isLabError } from '@common/lab-error.ts'
import type { ManifestVersion } from '@common/lab/manifest-version.ts'
import { call } from '../../bridge/client.ts'
import { useNotify } from '../../composables/use-notify.ts'
import { useViewsStore } from '../../stores/views-store.ts'

export interface Versions {
  list: Readonly<Ref<readonly ManifestVersion[] | undefined>>
  chosen: Readonly<Ref<ManifestVersion | undefined>>
  /** Of the chosen one and of the file now; absent while it is read, and for a removal. */
  contents: Readonly<Ref<{ then: string; now: string } | undefined>>
  choose(version: ManifestVersion): void
  /** Writes the chosen version into the folder. */
  restore(): Promise<boolean>
}

/** @param name of one file; otherwise of all that ever were in the folder */
export function useVersions(target: () => NodeTarget & { name?: string }): Versions {
  const { t } = useI18n()
  const notify = useNotify()
  const views = useViewsStore()
  const list = shallowRef<readonly ManifestVersion[]>()
  const chosen = shallowRef<ManifestVersion>()
  const contents = shallowRef<{ then: string; now: string }>()
  const isRestoring = ref(false)

  /** The files as they are now: when one changes, there may be a new version. */
  const folder = computed(() => {
    const { lab, node, name } = target()
    const files = views.filesOf(lab, node).filter((file) => name === undefined || file.name === name)
    return JSON.stringify([target(), files.map((file) => [file.name, file.modifiedAt])])
  })

  async function load(): Promise<void> {
    const wanted = folder.value
    await notify.attempt(t('toast.failed.fetch'), async () => {
      const read = await call('manifest/history', target())
      if (folder.value === wanted) list.value = read
    })
    if (chosen.value !== undefined) await compare(chosen.value)
  }

  async function compare(version: ManifestVersion): Promise<void> {
    contents.value = undefined
    if (version.removed) return
    const { lab, node } = target()
    await notify.attempt(t('toast.failed.fetch'), async () => {
      const { name } = version
      const then = await call('manifest/version', { lab, node, name, version: version.version })
      const now = await call('manifest/read', { lab, node, name }).catch((error: unknown) => {
        if (isLabError(error) && error.kind === 'NotFound') return { content: '' }
        throw error
      })
      if (chosen.value === version) contents.value = { then: then.content, now: now.content }
    })
  }

  function choose(version: ManifestVersion): void {
    chosen.value = version
    void compare(version)
  }

  async function restore(): Promise<boolean> {
    const { lab, node } = target()
    const version = chosen.value
    const content = contents.value?.then
    if (version === undefined || content === undefined || isRestoring.value) return false
    isRestoring.value = true
    const { name } = version
    const isDone = await notify.attempt(t('editor.versions.failed'), async () => {
      await call('manifest/apply', { lab, node, name, content, replace: true })
      notify.success(t('editor.versions.restored', { name, node }))
    })
    isRestoring.value = false
    await load()
    return isDone
  }

  watch(folder, load, { immediate: true })
  return { list, chosen, contents, choose, restore }
}
