/** The settings of one node: read, edited, applied; each step of it has a name. */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { NodeTarget } from '@common/ipc/calls.ts'
import { toLabErrorData, type LabErrorData } from '@common/lab-error.ts'
import type { NodeSetting, NodeSettingChange, NodeSettingName } from '@common/lab/node-settings.ts'
import { call } from '../bridge/client.ts'
import {
  canWriteFiles,
  computeReadiness,
  computeSettingChange,
  draftOf,
  findChangeFault,
  type NodeReadiness,
  type NodeSettingDraft,
} from '../model/node-settings.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNotify } from './use-notify.ts'

/** `unread`: with what stood in the way. */
export type NodeSettingsState =
  | { phase: 'reading' }
  | { phase: 'unread'; error: LabErrorData }
  | { phase: 'editing' | 'applying'; settings: NodeSetting[] }

export interface NodeSettingsEditing {
  state: Readonly<Ref<NodeSettingsState>>
  draft: NodeSettingDraft
  readiness: ComputedRef<NodeReadiness>
  change: ComputedRef<NodeSettingChange>
  canApply: ComputedRef<boolean>
  /** Of the last attempt. */
  failure: Readonly<Ref<LabErrorData | undefined>>
  /** The setting that the failure is about, if it is about one. */
  failedName: ComputedRef<NodeSettingName | undefined>
  read(): Promise<void>
  /** @returns whether all of it was done */
  apply(): Promise<boolean>
}

export function useNodeSettings(target: NodeTarget): NodeSettingsEditing {
  const labs = useLabsStore()
  const notify = useNotify()
  const { t } = useI18n()
  const state = shallowRef<NodeSettingsState>({ phase: 'reading' })
  const draft = reactive(draftOf([]))
  const failure = shallowRef<LabErrorData>()
  const isClosed = ref(false)
  onScopeDispose(() => (isClosed.value = true))

  const readiness = computed(() => computeReadiness(labs.nodeOf(target.lab, target.node)))
  const change = computed(() => ('settings' in state.value ? computeSettingChange(state.value.settings, draft) : {}))
  const changedNames = computed(() => Object.keys(change.value) as NodeSettingName[])
  const canApply = computed(
    () =>
      state.value.phase === 'editing' &&
      canWriteFiles(readiness.value) &&
      changedNames.value.length > 0 &&
      changedNames.value.every((name) => findChangeFault(change.value, name) === undefined),
  )
  const failedName = computed(() => {
    const field = failure.value?.kind === 'BadRequest' ? failure.value.details?.['field'] : undefined
    return changedNames.value.find((name) => name === field)
  })

  function show(settings: NodeSetting[]): void {
    state.value = { phase: 'editing', settings }
    Object.assign(draft, draftOf(settings))
  }

  async function read(): Promise<void> {
    state.value = { phase: 'reading' }
    try {
      show(await call('node/settings', target))
    } catch (error) {
      state.value = { phase: 'unread', error: toLabErrorData(error) }
    }
  }

  async function apply(): Promise<boolean> {
    if (state.value.phase !== 'editing' || !canApply.value) return false
    const { settings } = state.value
    const names = changedNames.value.map((name) => t(`nodeSettings.name.${name}`)).join(', ')
    failure.value = undefined
    state.value = { phase: 'applying', settings }
    try {
      show(await call('node/change-settings', { ...target, change: change.value }))
      notify.success(t('nodeSettings.applied', { node: target.node, names }), {
        detail: t('nodeSettings.appliedDetail'),
      })
      return true
    } catch (error) {
      await fail(settings, error)
      return false
    }
  }

  /** Values that were refused stay as they were typed; of the rest the files say how far it came. */
  async function fail(settings: NodeSetting[], error: unknown): Promise<void> {
    if (isClosed.value) return notify.failure(t('nodeSettings.failed', { node: target.node }), error)
    const data = toLabErrorData(error)
    if (data.kind === 'BadRequest') state.value = { phase: 'editing', settings }
    else await read()
    failure.value = data
  }

  // A node that was off or had no disk can say more now.
  watch(readiness, (now, before) => {
    if (canWriteFiles(before) || state.value.phase === 'applying') return
    if (now !== 'removed' && changedNames.value.length === 0) void read()
  })
  void read()

  return { state, draft, readiness, change, canApply, failure, failedName, read, apply }
}
