/** What can be done on the Compare page. Each reports its failure; its effect comes back as an event. */
import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { call } from '../../bridge/client.ts'
import { useNotify } from '../../composables/use-notify.ts'
import type { Comparison } from './use-comparison.ts'

export interface RunChoice {
  experiment: string
  hypothesis?: string
  deployment: boolean
}

export interface ComparisonActions {
  /** What is being asked for, so that nobody asks twice. */
  pending: Readonly<Ref<'set-up' | 'remove' | 'run' | undefined>>
  setUp(deployment: boolean): Promise<boolean>
  remove(): Promise<boolean>
  run(choice: RunChoice): Promise<boolean>
  forget(): Promise<boolean>
}

export function useComparisonActions(lab: Readonly<Ref<string>>, comparison: Comparison): ComparisonActions {
  const { t } = useI18n()
  const notify = useNotify()
  const pending = ref<'set-up' | 'remove' | 'run'>()

  async function once(what: 'set-up' | 'remove' | 'run', title: string, act: () => Promise<void>): Promise<boolean> {
    if (pending.value !== undefined) return false
    pending.value = what
    try {
      return await notify.attempt(title, act)
    } finally {
      pending.value = undefined
    }
  }

  return {
    pending,
    setUp: (deployment) =>
      once('set-up', t('compare.failed.setUp'), async () =>
        comparison.setState(await call('comparison/set-up', { lab: lab.value, deployment })),
      ),
    remove: () =>
      once('remove', t('compare.failed.remove'), async () =>
        comparison.setState(await call('comparison/remove', { lab: lab.value })),
      ),
    run: ({ experiment, hypothesis, deployment }) =>
      once('run', t('compare.failed.run'), async () => {
        const run = await call('experiment/run', {
          ...{ lab: lab.value, experiment },
          ...(hypothesis !== undefined && { hypothesis }),
          ...(deployment && { deployment }),
        })
        const state = comparison.state.value
        // The event may have told a later step already, or its end.
        const isNews = state?.run?.id !== run.id && comparison.ended.value?.id !== run.id
        if (state !== undefined && isNews) comparison.setState({ ...state, run })
      }),
    forget: () => notify.attempt(t('compare.failed.forget'), () => comparison.forgetResults()),
  }
}
