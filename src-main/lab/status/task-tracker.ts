/** Long work of this process, for progress on every screen. */
import type { Clock } from '../../base/clock.ts'
import { LabError, toLabErrorData } from '../../common/lab-error.ts'
import type { TaskStatus } from '../../common/lab/lab-status.ts'
import type { LabStep } from '../../common/lab/lab-texts.ts'
import type { OnProgress } from '../lab-manager.ts'

const TASK_NAMES = [
  'lab-up',
  'lab-down',
  'lab-delete',
  'lab-rename',
  'lab-clone',
  'lab-export',
  'lab-import',
  'node-add',
  'node-remove',
  'node-start',
  'node-stop',
  'node-drain',
  'node-settings',
  'experiment',
] as const

export type TaskName = (typeof TASK_NAMES)[number]

export function isTaskName(word: string): word is TaskName {
  return TASK_NAMES.some((name) => name === word)
}

/** Ended tasks that are still told of. */
const KEPT_TASKS = 20

export interface TaskOptions {
  onProgress: OnProgress | undefined
  /** Whether it may be stopped half-way: its work has to listen to the signal that it is given. */
  isCancellable: boolean
  /** Of whoever asked for the task: it stops the work as `cancel` does. */
  signal?: AbortSignal
}

/** `id` is the task's, for whoever lets people cancel it. */
export type TaskWork<T> = (report: OnProgress, signal: AbortSignal, id: string) => Promise<T>

export class TaskTracker {
  readonly #clock: Clock
  readonly #onChanged: (task: TaskStatus) => void
  #tasks: TaskStatus[] = []
  #count = 0
  readonly #cancels = new Map<string, AbortController>()

  constructor(clock: Clock, onChanged: (task: TaskStatus) => void) {
    this.#clock = clock
    this.#onChanged = onChanged
  }

  /** Newest last. */
  get tasks(): TaskStatus[] {
    return this.#tasks.map((task) => ({ ...task }))
  }

  /** What is being done with a lab now, if anything. */
  runningTask(lab: string): TaskName | undefined {
    const running = this.#tasks.findLast((task) => task.state === 'running' && task.subject.split('/')[0] === lab)
    // Only `run` adds tasks, and it takes a TaskName.
    return running?.name as TaskName | undefined
  }

  /** `subject` is the lab, or `lab/node`. */
  async run<T>(
    name: TaskName,
    subject: string,
    { onProgress, isCancellable, signal: outer }: TaskOptions,
    work: TaskWork<T>,
  ): Promise<T> {
    this.#count += 1
    const id = `${process.pid}-${this.#count}`
    const startedAt = new Date(this.#clock.now()).toISOString()
    const cancel = new AbortController()
    const { signal } = cancel
    const onOuterAbort = (): void => cancel.abort(cancelled())
    outer?.addEventListener('abort', onOuterAbort, { once: true })
    if (outer?.aborted === true) onOuterAbort()
    if (isCancellable) this.#cancels.set(id, cancel)
    this.#put({ id, name, subject, state: 'running', startedAt, ...(isCancellable && { cancellable: true }) })
    const report: OnProgress = (step) => {
      onProgress?.(step)
      this.#tell(id, step)
    }
    try {
      const result = await work(report, signal, id)
      this.#end(id, { state: 'done', progress: 1 })
      return result
    } catch (error) {
      const { kind, message } = toLabErrorData(error)
      this.#end(
        id,
        kind === 'Cancelled' && signal.aborted ? { state: 'cancelled' } : { state: 'failed', error: message },
      )
      throw error
    } finally {
      outer?.removeEventListener('abort', onOuterAbort)
    }
  }

  /** Asks a task to stop; it ends as soon as its step has. @throws NotFound, Conflict when it cannot be stopped (any more) */
  cancel(id: string): void {
    const task = this.#tasks.find((candidate) => candidate.id === id)
    if (task === undefined) throw new LabError({ kind: 'NotFound', message: `there is no task "${id}"` })
    const cancel = this.#cancels.get(id)
    if (cancel === undefined || task.state !== 'running')
      throw new LabError({
        kind: 'Conflict',
        message: task.state === 'running' ? 'this work cannot be stopped half-way' : 'this work has ended already',
      })
    this.#put({ ...task, cancellable: false })
    cancel.abort(cancelled())
  }

  #end(id: string, change: Partial<TaskStatus>): void {
    this.#cancels.delete(id)
    const task = this.#tasks.find((candidate) => candidate.id === id)
    if (task === undefined) return
    const { cancellable: _, ...ended } = task
    this.#put({ ...ended, ...change, endedAt: new Date(this.#clock.now()).toISOString() })
  }

  #tell(id: string, { message, text, progress }: LabStep): void {
    const task = this.#tasks.find((candidate) => candidate.id === id)
    if (task === undefined) return
    // The text of the step before is not this one's.
    const { stepText: _, ...rest } = task
    const told = { ...(text !== undefined && { stepText: text }), ...(progress !== undefined && { progress }) }
    this.#put({ ...rest, step: message, ...told })
  }

  #put(task: TaskStatus): void {
    const at = this.#tasks.findIndex((candidate) => candidate.id === task.id)
    if (at < 0) this.#tasks.push(task)
    else this.#tasks[at] = task
    const ended = this.#tasks.filter((candidate) => candidate.state !== 'running')
    const dropped = new Set(ended.slice(0, Math.max(0, ended.length - KEPT_TASKS)))
    this.#tasks = this.#tasks.filter((candidate) => !dropped.has(candidate))
    this.#onChanged({ ...task })
  }
}

/** What work that was asked to stop rejects with. */
function cancelled(): LabError {
  return new LabError({ kind: 'Cancelled', message: 'cancelled; starting it again goes on from here' })
}
