/** Why a container is in its state, as a sentence in the user's language. */
import { useI18n } from 'vue-i18n'
import type { LifecycleCause } from '../model/lifecycle-cause.ts'
import { useDuration } from './use-duration.ts'

export function useCauseText(): (cause: LifecycleCause) => string {
  const duration = useDuration()
  const { t } = useI18n()
  return (cause) => {
    switch (cause.kind) {
      case 'exit':
        return t(cause.code === 0 ? 'lifecycle.cause.done' : 'lifecycle.cause.exit', { code: cause.code })
      case 'signal':
        return t('lifecycle.cause.signal', { signal: cause.signal, code: cause.code })
      case 'back-off':
      case 'pull-back-off':
        return t(`lifecycle.cause.${cause.kind}`, { time: duration(cause.seconds * 1000) })
      case 'word':
        return t('lifecycle.cause.word', { word: cause.word })
      default:
        return t(`lifecycle.cause.${cause.kind}`)
    }
  }
}
