/** The action that is explained before it is done, and the kinds that need no explanation any more. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { explanationOf, type ExplainedAction } from '../model/consequences/explained-action.ts'
import { readSetting, writeSetting } from './stored-setting.ts'

const SILENCED_KEY = 'node-lab.explained-actions'

export const useActionSheetStore = defineStore('action-sheet', () => {
  const asked = shallowRef<ExplainedAction>()
  const silenced = ref<ReadonlySet<string>>(new Set((readSetting(SILENCED_KEY) ?? '').split(' ').filter(Boolean)))

  function open(action: ExplainedAction): void {
    asked.value = action
  }

  function close(): void {
    asked.value = undefined
  }

  function isSilenced(action: ExplainedAction): boolean {
    return silenced.value.has(explanationOf(action))
  }

  /** Not to be explained again. */
  function silence(action: ExplainedAction): void {
    keep(new Set([...silenced.value, explanationOf(action)]))
  }

  /** It is explained again. */
  function explainAgain(action: ExplainedAction): void {
    const explanation = explanationOf(action)
    keep(new Set([...silenced.value].filter((one) => one !== explanation)))
  }

  function keep(next: ReadonlySet<string>): void {
    silenced.value = next
    writeSetting(SILENCED_KEY, [...next].join(' '))
  }

  return { asked, open, close, isSilenced, silence, explainAgain }
})
