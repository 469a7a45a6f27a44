/**
 * One manifest that is being written: what lies in the folder, what is on the screen, and whether somebody else changed the file
 * meanwhile. Nothing that was written is ever dropped without being asked for.
 */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { NodeTarget } from '@common/ipc/calls.ts'
import { isLabError, toLabErrorData, type LabErrorData } from '@common/lab-error.ts'
import { call } from '../../bridge/client.ts'
import { useDraftsStore } from '../../stores/drafts-store.ts'
import { useViewsStore } from '../../stores/views-store.ts'

export interface ManifestFile extends NodeTarget {
  file: string
}

export interface ManifestDraftState {
  state: Readonly<Ref<'loading' | 'ready' | 'failed'>>
  error: Readonly<Ref<LabErrorData | undefined>>
  text: Ref<string>
  /** What was in the folder when the writing began; `null`: no such file. */
  base: Readonly<Ref<string | null>>
  /** What is in the folder now, where that is not what the writing began with. */
  theirs: Readonly<Ref<{ content: string | null } | undefined>>
  isDirty: Readonly<Ref<boolean>>
  /** Since when a kept text waits; only until it is saved or discarded. */
  keptSince: Readonly<Ref<string | undefined>>
  load(): Promise<void>
  /** What is in the folder at this moment. */
  readNow(): Promise<string | null>
  /** The content was written into the folder: it is what the writing is against from here on, and is no draft any more. */
  settle(content: string): void
  /**
   * The text becomes what is in the folder.
   * @returns what brings the old text back as a draft, on the screen if the file is still there, wherever that may be by then
   */
  discard(content: string | null): () => void
}

export function useManifestDraft(target: () => ManifestFile): ManifestDraftState {
  const drafts = useDraftsStore()
  const views = useViewsStore()
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = shallowRef<LabErrorData>()
  const text = ref('')
  const base = ref<string | null>(null)
  const theirs = shallowRef<{ content: string | null }>()
  const keptSince = ref<string>()
  const isDirty = computed(() => text.value !== (base.value ?? ''))
  const key = computed(() => JSON.stringify(target()))
  /** A new modification time means new content; a verdict alone does not. */
  const onDisk = computed(() => {
    const { lab, node, file } = target()
    return views.filesOf(lab, node).find(({ name }) => name === file)?.modifiedAt
  })

  async function readNow(): Promise<string | null> {
    const { lab, node, file } = target()
    try {
      return (await call('manifest/read', { lab, node, name: file })).content
    } catch (reason) {
      if (isLabError(reason) && reason.kind === 'NotFound') return null
      throw reason
    }
  }

  async function load(): Promise<void> {
    const wanted = key.value
    state.value = 'loading'
    theirs.value = undefined
    keptSince.value = undefined
    try {
      const content = await readNow()
      if (key.value !== wanted) return
      const { lab, node, file } = target()
      drafts.readAgain()
      const draft = drafts.draftOf(lab, node, file)
      base.value = draft?.base ?? (draft === undefined ? content : null)
      text.value = draft?.text ?? content ?? ''
      keptSince.value = draft?.since
      notice(content)
      state.value = 'ready'
    } catch (reason) {
      if (key.value !== wanted) return
      error.value = toLabErrorData(reason)
      state.value = 'failed'
    }
  }

  /** Takes over what somebody else wrote, unless there is text that would be lost by it. */
  function notice(content: string | null): void {
    if (content === base.value || content === text.value) {
      base.value = content
      theirs.value = undefined
    } else if (isDirty.value) theirs.value = { content }
    else discard(content)
  }

  function rebase(content: string | null): void {
    base.value = content
    theirs.value = undefined
  }

  function settle(content: string): void {
    rebase(content)
    const { lab, node, file } = target()
    // Whoever wrote it may have left the page, so that nothing here is watched any more.
    if (drafts.draftOf(lab, node, file)?.text === content) drafts.drop(lab, node, file)
  }

  function discard(content: string | null): () => void {
    const { lab, node, file } = target()
    const old = { text: text.value, base: content, since: new Date().toISOString() }
    rebase(content)
    text.value = content ?? ''
    return () => drafts.keep(lab, node, file, old)
  }

  async function lookAgain(): Promise<void> {
    if (state.value !== 'ready') return
    const wanted = key.value
    const content = await readNow().catch(() => undefined)
    // What cannot be read now is read anew before it is written over.
    if (content !== undefined && key.value === wanted) notice(content)
  }

  watch(key, load, { immediate: true })
  watch(onDisk, lookAgain)
  watch(
    () => drafts.draftOf(target().lab, target().node, target().file),
    (draft) => {
      if (state.value !== 'ready' || draft === undefined || draft.text === text.value) return
      base.value = draft.base
      text.value = draft.text
      void lookAgain()
    },
  )
  watch([text, base], () => {
    if (state.value !== 'ready') return
    const { lab, node, file } = target()
    if (!isDirty.value) {
      keptSince.value = undefined
      return drafts.drop(lab, node, file)
    }
    const since = drafts.draftOf(lab, node, file)?.since ?? new Date().toISOString()
    drafts.keep(lab, node, file, { text: text.value, base: base.value, since })
  })

  return { state, error, text, base, theirs, isDirty, keptSince, load, readNow, settle, discard }
}
