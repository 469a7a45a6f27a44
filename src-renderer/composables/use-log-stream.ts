/** The log of one container, followed: lines as they come, at most the newest `MAXIMUM_LINES`. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { ContainerTarget } from '@common/ipc/calls.ts'
import type { LabErrorData } from '@common/lab-error.ts'
import { openStream } from '../bridge/client.ts'

export interface LogRequest extends ContainerTarget {
  previous: boolean
}

export interface LogLine {
  /** Grows by one from line to line: a stable key. */
  number: number
  text: string
}

export interface LogStream {
  lines: Readonly<Ref<readonly LogLine[]>>
  state: Readonly<Ref<'idle' | 'open' | 'ended'>>
  error: Readonly<Ref<LabErrorData | undefined>>
}

export const MAXIMUM_LINES = 2_000
const TAIL_LINES = 1_000

/** Opens anew whenever `request` becomes another one; `undefined` closes. `restart` (a count) opens the same one again. */
export function useLogStream(
  request: Readonly<Ref<LogRequest | undefined>>,
  restart: Readonly<Ref<number>>,
): LogStream {
  const lines = shallowRef<readonly LogLine[]>([])
  const state = ref<'idle' | 'open' | 'ended'>('idle')
  const error = shallowRef<LabErrorData>()
  let close: (() => void) | undefined

  function open(target: LogRequest): void {
    let count = 0
    let rest = ''
    const append = (texts: readonly string[]): void => {
      if (texts.length === 0) return
      lines.value = [...lines.value, ...texts.map((text) => ({ number: count++, text }))].slice(-MAXIMUM_LINES)
    }
    state.value = 'open'
    close = openStream(
      'pod/logs',
      { ...target, tailLines: TAIL_LINES },
      {
        onChunk: (chunk) => {
          const parts = (rest + chunk).split('\n')
          rest = parts.pop() ?? ''
          append(parts)
        },
        onEnd: (reason) => {
          if (rest !== '') append([rest])
          close = undefined
          state.value = 'ended'
          error.value = reason
        },
      },
    )
  }

  watch(
    [() => JSON.stringify(request.value), restart],
    () => {
      close?.()
      close = undefined
      lines.value = []
      error.value = undefined
      state.value = 'idle'
      if (request.value !== undefined) open(request.value)
    },
    { immediate: true },
  )
  onScopeDispose(() => close?.())
  return { lines, state, error }
}
