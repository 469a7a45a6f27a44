/** Calls of the in-memory bridge about a node: its power, its kubelet, its place in the cluster. */
import { labStep } from '@common/lab/lab-texts.ts'
import type { FakeLab } from './fake-lab.ts'
import type { HandlersOf } from './handlers.ts'

const START_MS = 1_200
const SETTINGS_STEP_MS = 700
/** The real grace is ten times as long; nobody waits for it on screens that are worked on. */
const NOT_READY_MS = 4_500

export function nodeHandlers(fake: FakeLab): HandlersOf<'node'> {
  return {
    'node/views': async () => [...fake.nodes.values()].map((node) => node.view()),
    'node/add': async ({ lab, node }) => {
      const name = node ?? `node0${fake.nodes.size + 1}`
      await fake.tasks.work(
        'node-add',
        `${lab}/${name}`,
        [labStep('of-node', { node: name, text: { text: 'node-start' } })],
        START_MS,
      )
      fake.addNode(name)
      return fake.publish('running')
    },
    'node/remove': async ({ node }) => {
      fake.need(node).powerOff()
      fake.nodes.delete(node)
      return fake.publish('running')
    },
    'node/start': async ({ node }) => {
      fake.need(node).powerOn()
      fake.cluster?.findNode(node)
      return fake.publish('running')
    },
    'node/stop': async ({ node }) => {
      fake.need(node).powerOff()
      fake.cluster?.loseNodeAfter(node, NOT_READY_MS)
      return fake.publish('running')
    },
    'node/power-off': async ({ node }) => {
      fake.need(node).powerOff()
      fake.cluster?.loseNodeAfter(node, NOT_READY_MS)
      return fake.publish('running')
    },
    'node/containers': async ({ node }) => fake.need(node).containers(),
    'node/set-schedulable': async ({ node, schedulable }) => {
      fake.cluster?.setSchedulable(node, schedulable)
      return null
    },
    'node/drain': async ({ node }) => fake.drain(node),
    'node/start-kubelet': async ({ node }) => {
      fake.need(node).startKubelet()
      fake.cluster?.findNode(node)
      fake.publish('running')
      return null
    },
    'node/stop-kubelet': async ({ node }) => {
      fake.need(node).stopKubelet()
      fake.cluster?.loseNodeAfter(node, NOT_READY_MS)
      fake.publish('running')
      return null
    },
    'node/restart-kubelet': async () => null,
    'node/settings': async ({ node }) => fake.need(node).settings.read(),
    'node/change-settings': async ({ lab, node, change }) => {
      const one = fake.need(node)
      one.settings.refuse(change)
      const steps = [labStep('settings-write'), labStep('kubelet-restart'), labStep('kubelets-wait', { nodes: node })]
      await fake.tasks.work('node-settings', `${lab}/${node}`, steps, SETTINGS_STEP_MS)
      one.settings.write(change)
      one.startKubelet()
      fake.publish('running')
      return one.settings.read()
    },
    'node/open-folder': async ({ node }) => ({
      path: `/home/learner/.local/share/node-lab/labs/default/nodes/${node}/manifests`,
      opened: false,
    }),
  }
}
