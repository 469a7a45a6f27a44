/** The doctor's report as it grows, and what can be asked of the doctor. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  CHECK_IDS,
  type CheckId,
  type DoctorCheck,
  type DoctorReport,
  type Mend,
} from '@common/doctor/doctor-report.ts'
import { call, on, onStateChange } from '../../bridge/client.ts'

export interface Diagnostics {
  report: Readonly<ShallowRef<DoctorReport | undefined>>
  isRunning: ComputedRef<boolean>
  /** All checks in their order, those that have not been looked at yet without a result. */
  rows: ComputedRef<{ id: CheckId; check: DoctorCheck | undefined }[]>
  problems: ComputedRef<number>
  /** What is being mended. */
  mending: Readonly<Ref<Mend | undefined>>
  run(): Promise<void>
  mend(mend: Mend): Promise<void>
}

/** Looks by itself when nobody has looked yet. @param onError told what failed, apart from what a check says */
export function useDiagnostics(onError: (error: unknown) => void): Diagnostics {
  const report = shallowRef<DoctorReport>()
  const mending = ref<Mend>()
  const isRunning = computed(() => report.value?.state === 'running')

  async function run(): Promise<void> {
    try {
      report.value = await call('doctor/run', {})
    } catch (error) {
      onError(error)
    }
  }

  async function mend(wanted: Mend): Promise<void> {
    mending.value = wanted
    try {
      report.value = await call('doctor/mend', { mend: wanted })
    } catch (error) {
      onError(error)
    } finally {
      mending.value = undefined
    }
  }

  async function fetchOrRun(): Promise<void> {
    try {
      const last = await call('doctor/report', {})
      if (last === null) await run()
      else report.value = last
    } catch (error) {
      onError(error)
    }
  }

  const subscriptions = [
    on('doctor/changed', (changed) => (report.value = changed)),
    onStateChange((state) => {
      if (state === 'open') void fetchOrRun()
    }),
  ]
  onScopeDispose(() => {
    for (const end of subscriptions) end()
  })

  const rows = computed(() =>
    CHECK_IDS.map((id) => ({ id, check: report.value?.checks.find((check) => check.id === id) })),
  )
  const problems = computed(() => report.value?.checks.filter(({ ok }) => !ok).length ?? 0)
  return { report, isRunning, rows, problems, mending, run, mend }
}
