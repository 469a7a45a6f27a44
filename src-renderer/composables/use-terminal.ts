/** One terminal on one screen: opened or found again, followed, typed into, and opened anew when it has ended. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { LabErrorData } from '@common/lab-error.ts'
import { toLabErrorData } from '@common/lab-error.ts'
import type { TerminalChunk, TerminalStatus, TerminalTarget } from '@common/lab/terminal.ts'
import { call } from '../bridge/client.ts'
import { followOutput } from '../features/terminal/xterm/follow-output.ts'
import { createInput } from '../features/terminal/xterm/send-input.ts'
import { useTerminalsStore } from '../stores/terminals-store.ts'

export type TerminalPhase = 'opening' | 'failed' | 'following' | 'reconnecting' | 'ended' | 'gone'

/** What a terminal needs of the screen that shows it. */
export interface TerminalDisplay {
  size(): { columns: number; rows: number }
  /** Resolves when it is on the screen. */
  write(chunk: TerminalChunk): Promise<void>
  /** An empty screen, in the state of a new terminal. */
  reset(): void
}

export interface UseTerminal {
  phase: Readonly<Ref<TerminalPhase>>
  /** Why there is no terminal; with phase `failed` or `gone`. */
  error: Readonly<Ref<LabErrorData | undefined>>
  status: ComputedRef<TerminalStatus | undefined>
  /** What was typed; without effect while there is no shell. */
  type(data: string): void
  resize(): void
  /** Another shell in the same place, instead of the one that was; without effect while one is being opened. */
  reopen(): Promise<void>
}

export interface UseTerminalOptions {
  lab: string
  target: TerminalTarget
  /** Id of one that is open. */
  terminal: string | undefined
  display: TerminalDisplay
  onOpened(terminal: string): void
  onInputError(error: unknown): void
}

export function useTerminal(options: UseTerminalOptions): UseTerminal {
  const { lab, target, display } = options
  const terminals = useTerminalsStore()
  const phase = ref<TerminalPhase>('opening')
  const error = shallowRef<LabErrorData>()
  const id = ref(options.terminal)
  const status = computed(() => (id.value === undefined ? undefined : terminals.terminals.get(id.value)))
  let send: ((data: string) => void) | undefined
  let stopFollowing: (() => void) | undefined
  let isCut = false

  function clear(): void {
    isCut = true
    display.reset()
  }

  async function write(chunk: TerminalChunk): Promise<void> {
    await display.write(chunk)
    if (isCut) redraw()
  }

  /** A full-screen program whose first picture was forgotten draws anew when its size changes. */
  function redraw(): void {
    isCut = false
    const { columns, rows } = display.size()
    if (rows > 1) sendSize(columns, rows - 1)
    sendSize(columns, rows)
  }

  function sendSize(columns: number, rows: number): void {
    if (id.value === undefined || phase.value !== 'following') return
    // The shell may end in this moment, which the stream tells.
    call('terminal/resize', { terminal: id.value, columns, rows }).catch(() => undefined)
  }

  function resize(): void {
    const { columns, rows } = display.size()
    sendSize(columns, rows)
  }

  function follow(terminal: string): void {
    id.value = terminal
    send = createInput(terminal, options.onInputError)
    stopFollowing = followOutput(terminal, { write, clear }, (state, reason) => {
      phase.value = state
      error.value = state === 'gone' ? reason : undefined
    })
    resize()
  }

  /** Of a terminal that nobody will look at any more; one that cannot be reached now goes by itself after a while. */
  function close(terminal: string): void {
    call('terminal/close', { terminal }).catch(() => undefined)
  }

  async function open(): Promise<void> {
    phase.value = 'opening'
    error.value = undefined
    try {
      const opened = await call('terminal/open', { lab, target, ...display.size() })
      if (isDisposed) return close(opened.id)
      terminals.set(opened)
      options.onOpened(opened.id)
      follow(opened.id)
    } catch (reason) {
      phase.value = 'failed'
      error.value = toLabErrorData(reason)
    }
  }

  async function reopen(): Promise<void> {
    // One that is on its way would be left open, with nobody to follow it.
    if (phase.value === 'opening') return
    const old = id.value
    stopFollowing?.()
    id.value = undefined
    send = undefined
    display.reset()
    if (old !== undefined) close(old)
    await open()
  }

  let isDisposed = false
  onScopeDispose(() => {
    isDisposed = true
    stopFollowing?.()
  })
  if (options.terminal === undefined) void open()
  else follow(options.terminal)

  return {
    phase,
    error,
    status,
    type: (data) => {
      if (phase.value === 'following') send?.(data)
    },
    resize,
    reopen,
  }
}
