/** The logs of a pod's containers as one, followed: at most the newest `MAXIMUM_LINES`, in the order of time. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { ContainerTarget } from '@common/ipc/calls.ts'
import type { LabErrorData } from '@common/lab-error.ts'
import { openStream } from '../bridge/client.ts'
import { mergeLines, readLogLine, type LogLine } from '../model/log-line.ts'

export interface LogSource extends ContainerTarget {
  container: string
  previous: boolean
  /** Which run of the container it is: the next one writes a log of its own, which is added to this one's. */
  run: number
}

export interface PodLog {
  lines: Readonly<Ref<readonly LogLine[]>>
  /** How many were left out at the beginning, for a view that holds its place. */
  dropped: Readonly<Ref<number>>
  /** `following`: some stream is open. */
  state: Readonly<Ref<'idle' | 'following' | 'ended'>>
  /** By container: why its log cannot be shown. */
  errors: Readonly<Ref<ReadonlyMap<string, LabErrorData>>>
}

interface OpenedLog {
  source: LogSource
  close(): void
  isOpen: boolean
}

export const MAXIMUM_LINES = 100_000
/** So many more are let in before the oldest are left out, which moves everything. */
const SLACK_LINES = 5_000
const BATCH_MS = 50

/** @param restart a count: whenever it grows, everything is read anew, as after a lost connection */
export function usePodLog(sources: Readonly<Ref<readonly LogSource[]>>, restart: Readonly<Ref<number>>): PodLog {
  const lines = shallowRef<readonly LogLine[]>([])
  const dropped = ref(0)
  const state = ref<'idle' | 'following' | 'ended'>('idle')
  const errors = shallowRef<ReadonlyMap<string, LabErrorData>>(new Map())
  const streams = new Map<string, OpenedLog>()
  let waiting: LogLine[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let count = 0

  function flush(): void {
    timer = undefined
    const merged = mergeLines(lines.value, waiting)
    waiting = []
    const excess = merged.length > MAXIMUM_LINES + SLACK_LINES ? merged.length - MAXIMUM_LINES : 0
    dropped.value += excess
    lines.value = excess > 0 ? merged.slice(excess) : merged
  }

  function updateState(): void {
    const open = [...streams.values()].some(({ isOpen }) => isOpen)
    state.value = open ? 'following' : streams.size > 0 ? 'ended' : 'idle'
  }

  function open(key: string, source: LogSource): void {
    const { run: _run, ...target } = source
    let rest = ''
    let time = 0
    const add = (raw: string): void => {
      const line = readLogLine(raw, target.container, (count += 1), time)
      time = line.time
      waiting.push(line)
      timer ??= setTimeout(flush, BATCH_MS)
    }
    const stream: OpenedLog = { source, close: () => undefined, isOpen: true }
    streams.set(key, stream)
    stream.close = openStream(
      'pod/logs',
      { ...target, timestamps: true, tailLines: MAXIMUM_LINES },
      {
        onChunk: (chunk) => {
          const parts = (rest + chunk).split('\n')
          rest = parts.pop() ?? ''
          for (const part of parts) add(part)
        },
        onEnd: (reason) => {
          if (rest !== '') add(rest)
          rest = ''
          stream.isOpen = false
          if (reason !== undefined) errors.value = new Map([...errors.value, [target.container, reason]])
          updateState()
        },
      },
    )
  }

  function closeAll(): void {
    for (const { close, isOpen } of streams.values()) if (isOpen) close()
    streams.clear()
    clearTimeout(timer)
    timer = undefined
    waiting = []
    lines.value = []
    errors.value = new Map()
  }

  function sync(next: readonly LogSource[], isAnew: boolean): void {
    const wanted = new Map(next.map((source) => [JSON.stringify(source), source]))
    // The next run of a container follows the one before; anything else is another log.
    const isSame = [...streams].every(
      ([key, { source }]) => wanted.has(key) || next.some((one) => isLaterRun(one, source)),
    )
    if (isAnew || !isSame) closeAll()
    for (const [key, source] of wanted) if (!streams.has(key)) open(key, source)
    updateState()
  }

  watch(
    [() => JSON.stringify(sources.value), restart],
    (_now, [, restartBefore]) => sync(sources.value, restartBefore !== restart.value),
    { immediate: true },
  )
  onScopeDispose(closeAll)
  return { lines, dropped, state, errors }
}

function isLaterRun(one: LogSource, other: LogSource): boolean {
  const isSame = JSON.stringify({ ...one, run: 0 }) === JSON.stringify({ ...other, run: 0 })
  return isSame && !one.previous && one.run > other.run
}
