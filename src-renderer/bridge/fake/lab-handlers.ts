/** Calls of the in-memory bridge about a lab as a whole, and its simulated nodes. */
import { labStep } from '@common/lab/lab-texts.ts'
import type { FakeLab } from './fake-lab.ts'
import type { HandlersOf } from './handlers.ts'

/** Of each step of long work. */
const STEP_MS = 1_200

export function labHandlers(fake: FakeLab): HandlersOf<'lab' | 'simulated'> {
  return {
    'lab/list': async () => (fake.status === undefined ? [] : [fake.status]),
    'lab/up': async ({ lab, nodes = 2, controlPlane = false }) => {
      if (fake.nodes.size === 0) for (let number = 1; number <= nodes; number += 1) fake.addNode(`node0${number}`)
      await fake.tasks.work(
        'lab-up',
        lab,
        [
          labStep('network-make'),
          labStep('of-node', { node: 'node01', text: { text: 'node-start' } }),
          labStep('kubelets-wait', { nodes: [...fake.nodes.keys()].join(', ') }),
        ],
        STEP_MS,
      )
      for (const node of fake.nodes.values()) node.powerOn()
      if (controlPlane && fake.cluster === undefined) {
        fake.addControlPlane()
        fake.publish('running', lab)
      }
      fake.cluster?.become('ready')
      return fake.publish('running', lab)
    },
    'lab/down': async ({ lab }) => {
      await fake.tasks.work('lab-down', lab, [labStep('nodes-stop')], STEP_MS)
      for (const node of fake.nodes.values()) node.powerOff()
      return fake.publish('stopped')
    },
    'lab/delete': async ({ lab }) => {
      fake.remove(lab)
      return null
    },
    'simulated/add': async ({ lab, count }) => {
      await fake.tasks.work(
        'node-add',
        `${lab}/simulated`,
        [labStep('simulated-certificates', { group: 'simulated', count })],
        STEP_MS,
      )
      fake.setSimulatedNodes(fake.simulatedNodes + count)
      return fake.publish('running')
    },
    'simulated/remove': async ({ lab }) => {
      await fake.tasks.work('node-remove', `${lab}/simulated`, [labStep('containers-remove', { count: 1 })], STEP_MS)
      fake.setSimulatedNodes(0)
      return fake.publish('running')
    },
  }
}
