import { expect, it } from 'vitest'
import { runWords } from '../testing/run-words.ts'

it('given a component, when it is stopped, then the manager is asked and it is said where its manifest is kept', async () => {
  const asked: string[] = []
  const { printed } = await runWords(['component', 'stop', 'kube-scheduler'], {
    stopComponent: (...words) => Promise.resolve(void asked.push(...words)),
    components: async () => [
      {
        component: 'kube-scheduler',
        file: 'kube-scheduler.yaml',
        state: 'aside',
        path: '/labs/stopped/kube-scheduler.yaml',
      },
    ],
  })
  expect(asked).toEqual(['default', 'kube-scheduler'])
  expect(printed[0]).toContain('/labs/stopped/kube-scheduler.yaml')
})
