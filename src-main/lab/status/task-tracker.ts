/** Long work of this process, for progress on every screen. */
import type { Clock } from '../../base/clock.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import type { TaskStatus } from '../../common/lab/lab-status.ts'
import type { OnProgress } from '../lab-manager.ts'

export type TaskName = 'lab-up' | 'lab-down' | 'lab-delete' | 'node-add' | 'node-remove' | 'node-start' | 'node-stop'

/** Ended tasks that are still told of. */
const KEPT_TASKS = 20

export class TaskTracker {
  readonly #clock: Clock
  readonly #onChanged: (task: TaskStatus) => void
  #tasks: TaskStatus[] = []
  #count = 0

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
    onProgress: OnProgress | undefined,
    work: (report: OnProgress) => Promise<T>,
  ): Promise<T> {
    this.#count += 1
    const id = `${process.pid}-${this.#count}`
    const startedAt = new Date(this.#clock.now()).toISOString()
    this.#put({ id, name, subject, state: 'running', startedAt })
    const report: OnProgress = (step) => {
      onProgress?.(step)
      this.#update(id, { step: step.message, ...(step.progress !== undefined && { progress: step.progress }) })
    }
    try {
      const result = await work(report)
      this.#update(id, { state: 'done', progress: 1 })
      return result
    } catch (error) {
      this.#update(id, { state: 'failed', error: toLabErrorData(error).message })
      throw error
    }
  }

  #update(id: string, change: Partial<TaskStatus>): void {
    const task = this.#tasks.find((candidate) => candidate.id === id)
    if (task !== undefined) this.#put({ ...task, ...change })
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
