/** Long work under way, and what has just ended. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { TaskStatus } from '@common/lab/lab-status.ts'

const KEPT_TASKS = 20

export const useTasksStore = defineStore('tasks', () => {
  const tasks = shallowRef<ReadonlyMap<string, TaskStatus>>(new Map())

  const newestFirst = computed(() =>
    [...tasks.value.values()].toSorted((left, right) => Date.parse(right.startedAt) - Date.parse(left.startedAt)),
  )
  const running = computed(() => newestFirst.value.filter(({ state }) => state === 'running'))

  function setTask(task: TaskStatus): void {
    const all = [...tasks.value].filter(([id]) => id !== task.id)
    tasks.value = new Map([...all, [task.id, task] as const].slice(-KEPT_TASKS))
  }

  function setAll(list: readonly TaskStatus[]): void {
    tasks.value = new Map(list.map((task) => [task.id, task]))
  }

  return { tasks, newestFirst, running, setTask, setAll }
})
