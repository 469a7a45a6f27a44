import { CommanderError } from 'commander'
import { expect, it } from 'vitest'
import type { LabManager } from '../../../lab/lab-manager.ts'
import { UsageError } from '../exit-codes.ts'
import { runWords } from '../testing/run-words.ts'

it('given the switch of a lab, when it is set and shown, then who schedules pods of DaemonSets is told in words', async () => {
  const command = ['kube-controller-manager', '--feature-gates=ScheduleDaemonSetPods=false']
  const asked: unknown[] = []
  const manager: Partial<LabManager> = {
    setScheduling: (...words) => {
      asked.push(words)
      return Promise.resolve({ manifest: 'written' })
    },
    labStatus: (name) =>
      Promise.resolve({
        ...{ name, state: 'running', folder: '', subnet: '', nodes: [] },
        apiServer: { node: 'controlplane', endpoint: 'https://127.0.0.1:1', kubeconfig: '' },
      }),
    pods: () =>
      Promise.resolve([
        {
          metadata: { name: 'kube-controller-manager-controlplane' },
          spec: { containers: [{ name: 'c', command }] },
        },
      ]),
  }
  const set = await runWords(['control-plane', 'set', '--schedule-daemonset-pods=true'], manager)
  expect(asked).toEqual([['default', true]])
  expect(set.printed.join()).toMatch(/^The kube-scheduler binds pods of DaemonSets.*says so now/)
  const shown = await runWords(['control-plane', 'show'], manager)
  expect(shown.printed.join()).toMatch(/^ScheduleDaemonSetPods=false.*as up to Kubernetes 1\.11/)
  await expect(runWords(['control-plane', 'set'], {})).rejects.toBeInstanceOf(CommanderError)
  await expect(runWords(['control-plane', 'set', '--schedule-daemonset-pods=no'], {})).rejects.toThrow(UsageError)
})
