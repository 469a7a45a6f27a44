/** Long work of the in-memory bridge: it takes its time step by step, and may be asked to stop. */
import type { TaskStatus } from '@common/lab/lab-status.ts'
import type { LabStep } from '@common/lab/lab-texts.ts'
import { LabError } from '@common/lab-error.ts'

const CANCELLABLE = ['lab-up', 'node-add', 'node-start', 'experiment']

export class FakeTasks {
  readonly list: TaskStatus[] = []
  /** Ids of tasks that were asked to stop: they do so after their step. */
  private readonly cancelled = new Set<string>()
  private readonly onChange: (task: TaskStatus) => void

  constructor(onChange: (task: TaskStatus) => void) {
    this.onChange = onChange
  }

  cancel(id: string): void {
    this.cancelled.add(id)
  }

  /** Of the task that the next `work` of this name begins. */
  nextId(name: string): string {
    return `${name}-${this.list.length}`
  }

  /** @throws LabError Cancelled */
  async work(
    name: string,
    subject: string,
    steps: readonly LabStep[],
    stepMs: number,
    onStep: (index: number) => void = () => undefined,
  ): Promise<void> {
    const id = this.nextId(name)
    const startedAt = new Date().toISOString()
    const isCancellable = CANCELLABLE.includes(name)
    const task: TaskStatus = {
      id,
      name,
      subject,
      state: 'running',
      startedAt,
      ...(isCancellable && { cancellable: true }),
    }
    this.list.push(task)
    const end = (state: TaskStatus['state']): void => {
      delete task.cancellable
      Object.assign(task, { state, endedAt: new Date().toISOString() })
      this.onChange(task)
    }
    for (const [index, { message, text }] of steps.entries()) {
      Object.assign(task, { step: message, stepText: text, progress: index / steps.length })
      this.onChange(task)
      onStep(index)
      await new Promise((resolve) => setTimeout(resolve, stepMs))
      if (!this.cancelled.has(id)) continue
      end('cancelled')
      throw new LabError({ kind: 'Cancelled', message: 'cancelled' })
    }
    end('done')
  }
}
