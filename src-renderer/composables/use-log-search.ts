/** Searching in a log: how many matches there are, and stepping from one to the next. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { findMatches, type LogLine } from '../model/log-line.ts'

export interface LogMatch {
  /** Of the line. */
  index: number
  /** Which of the line's matches. */
  occurrence: number
}

export interface LogSearch {
  search: Ref<string>
  count: ComputedRef<number>
  /** Counted from one; 0 before the first step. */
  position: ComputedRef<number>
  current: ComputedRef<LogMatch | undefined>
  /** Goes to the next match (1) or the one before (-1), round the end. @returns where it is */
  step(direction: 1 | -1): LogMatch | undefined
}

export function useLogSearch(lines: Readonly<Ref<readonly LogLine[]>>): LogSearch {
  const search = ref('')
  /** By the line's number, which stays when lines before it are left out. */
  const held = ref<{ number: number; occurrence: number }>()

  const matches = computed(() =>
    search.value === ''
      ? []
      : lines.value.flatMap(({ text }, index) =>
          findMatches(text, search.value).map((_at, occurrence): LogMatch => ({ index, occurrence })),
        ),
  )
  const at = computed(() => {
    const { number, occurrence } = held.value ?? {}
    return matches.value.findIndex(
      (match) => lines.value[match.index]?.number === number && match.occurrence === occurrence,
    )
  })
  watch(search, () => (held.value = undefined))

  function step(direction: 1 | -1): LogMatch | undefined {
    const { length } = matches.value
    if (length === 0) return undefined
    const from = at.value === -1 && direction === -1 ? 0 : at.value
    const match = matches.value[(from + direction + length) % length]
    const number = match === undefined ? undefined : lines.value[match.index]?.number
    held.value = match === undefined || number === undefined ? undefined : { number, occurrence: match.occurrence }
    return match
  }

  return {
    search,
    count: computed(() => matches.value.length),
    position: computed(() => at.value + 1),
    current: computed(() => matches.value[at.value]),
    step,
  }
}
