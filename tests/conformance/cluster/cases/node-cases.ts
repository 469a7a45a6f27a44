/** The life of nodes and what it means for their pods (REPORT.md P2.5, facts 7). */
import { passing, type Findings } from '../../recorded/recorded-case.ts'
import { agent, barePod, deployment, staticPod } from '../agents.ts'
import { defineClusterCases } from '../cluster-case.ts'
import type { ClusterWorld } from '../cluster-world.ts'
import { printed } from '../transcripts.ts'

const TIMELINE = 'p2-node-down/timeline.txt'
const LOGS = 'kubectl logs -n nd nd-static-node02'
const EXEC = 'kubectl exec -n nd nd-static-node02 -- true'
const DELETE_STATIC = 'kubectl delete pod -n nd nd-static-node02 --wait=false'
const DELETE_BARE = 'kubectl delete pod -n nd nd-bare --wait=false'
const UNREACHABLE = 'Ready Unknown, unreachable:NoExecute, unreachable:NoSchedule'
const STATIC_FILE = 'nd-static.json'
const EVICTED = 'nd-dep-HASH-POD ending'

/** A pod of each kind on node02, and the other one of the DaemonSet on node01. */
async function populate(world: ClusterWorld, tolerationSeconds?: number): Promise<void> {
  const { cluster, namespace } = world
  await world.does('kubectl apply -f -', JSON.stringify(deployment('nd-dep', 'node02', tolerationSeconds)))
  await world.does('kubectl apply -f -', JSON.stringify(barePod('nd-bare', 'node02')))
  await cluster.lab.drop(STATIC_FILE, staticPod('nd-static', namespace), 'node02')
  await world.does('kubectl apply -f -', JSON.stringify(agent('nd-ds')))
  await world.rolledOut('nd-ds')
  await world.until('all pods to be ready', () => world.podStates().length === 5 && world.podStates().every(isReady))
}

function isReady(line: string): boolean {
  return line.endsWith(' ready')
}

async function typeAtSilentNode(world: ClusterWorld): Promise<void> {
  for (const command of [LOGS, EXEC, DELETE_STATIC, DELETE_BARE])
    await world.says(command.replace('-n nd ', ''), { as: command })
}

async function unpopulate(world: ClusterWorld): Promise<void> {
  await world.cluster.lab.removeFile(STATIC_FILE, 'node02')
}

/** Stops the kubelet, looks at what becomes of the pods, and starts it again. */
async function silence(world: ClusterWorld, tolerationSeconds: number | undefined): Promise<Findings> {
  await populate(world, tolerationSeconds)
  const { lab } = world.cluster
  const running = await lab.containers('container', 'label=io.node-lab.node=node02', 'status=running')
  world.begin('node02')
  await lab.onNodeOk('node02', 'systemctl stop kubelet')
  try {
    await world.sees('node', UNREACHABLE)
    await world.until('all of its pods to be unready', () => world.podStates('node02').every((line) => !isReady(line)))
    const silent = world.podStates('node02')
    const conditions = world.conditionsOf('node02')
    await typeAtSilentNode(world)
    await world.sees('other pods', EVICTED)
    await world.until('the replacement', () => world.podStates('node01').includes('nd-dep-HASH-POD ready'))
    const evicted = { node01: world.podStates('node01'), node02: world.podStates('node02') }
    const evictions = world.eventsAbout('Pod').filter((line) => /TaintManagerEviction.* Pod\/nd-dep/.test(line))
    const alive = await lab.containers('container', 'label=io.node-lab.node=node02', 'status=running')
    await lab.onNodeOk('node02', 'systemctl start kubelet')
    await world.sees('node', 'Ready True')
    await world.until(
      'all to be as before',
      () => world.podStates('node02').every(isReady) && world.podStates('node02').length === 2,
    )
    await world.rolledOut('nd-ds')
    return {
      conditions,
      'pods of the node when it is unreachable': silent,
      'pods of the node after the toleration': evicted.node02,
      'pods of the other node then': evicted.node01,
      evictions,
      'its containers run on meanwhile': running.every((id) => alive.includes(id)),
      'pods of the node in the end': world.podStates('node02'),
    }
  } finally {
    await lab.onNodeOk('node02', 'systemctl start kubelet')
    await unpopulate(world)
  }
}

const SILENT = ['Ready Unknown', 'Ready Unknown, unreachable:NoSchedule', UNREACHABLE]
const SILENT_RECORDED = {
  node: [
    ...SILENT,
    'Ready False, unreachable:NoExecute, unreachable:NoSchedule',
    'Ready False, not-ready:NoSchedule, unreachable:NoExecute, unreachable:NoSchedule',
    'Ready False, not-ready:NoSchedule, unreachable:NoExecute',
    'Ready False, not-ready:NoExecute, not-ready:NoSchedule, unreachable:NoExecute',
    'Ready False, not-ready:NoExecute, not-ready:NoSchedule',
    'Ready True, not-ready:NoExecute, not-ready:NoSchedule',
    'Ready True, not-ready:NoExecute',
    'Ready True',
  ],
  findings: {
    ...printed(TIMELINE, LOGS, EXEC, DELETE_STATIC, DELETE_BARE),
    conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map(
      (type) => `${type} Unknown NodeStatusUnknown: Kubelet stopped posting node status.`,
    ),
    'pods of the node when it is unreachable': [
      'nd-bare unready',
      'nd-dep-HASH-POD unready',
      'nd-ds-POD unready',
      'nd-static-node02 unready',
    ],
    'pods of the node after the toleration': [
      'nd-bare ending',
      'nd-dep-HASH-POD ending',
      'nd-ds-POD unready',
      'nd-static-node02 ending',
    ],
    'pods of the other node then': ['nd-dep-HASH-POD ready', 'nd-ds-POD ready'],
    evictions: [
      'Normal TaintManagerEviction taint-eviction-controller Pod/nd-dep-HASH-POD: Marking for deletion Pod default/nd-dep-HASH-POD',
    ],
    'its containers run on meanwhile': true,
    'pods of the node in the end': ['nd-ds-POD ready', 'nd-static-node02 ready'],
  },
}

const READY_AT_ONCE = {
  reason: 'A kubelet of ours says that it is ready as soon as it has looked; the recorded one waited for ten seconds.',
  because: { facts: '7.11' },
  instead: {
    node: [
      ...SILENT,
      'Ready True, unreachable:NoExecute, unreachable:NoSchedule',
      passing('Ready True, unreachable:NoExecute'),
      'Ready True',
    ],
  },
}

export const NODE_CASES = defineClusterCases({
  'kubelet-stopped': {
    given: 'a node with a pod of a Deployment, one of a DaemonSet, a static and a bare one',
    when: 'its kubelet is stopped, mirror and bare pod are deleted meanwhile, and it is started again',
    then: 'the node is NotReady after the grace, the pod of the Deployment is replaced elsewhere after its toleration, and the others wait for the kubelet',
    source: {
      section: 'P2.5',
      recordings: [TIMELINE, 'p2-node-down/describe-node02-60s.txt', 'p2-node-down/node02-60s.json'],
    },
    adapted:
      'The grace is 20 s by a flag of kube-controller-manager, the toleration of the Deployment 5 s, and it may go to the other node.',
    worlds: ['engine'],
    alone: true,
    steps: (world) => silence(world, 5),
    recorded: SILENT_RECORDED,
    differs: [READY_AT_ONCE],
  },
  'kubelet-stopped-long': {
    given: 'the same pods, with the graces and tolerations of every cluster',
    when: 'the kubelet of their node is stopped for more than five minutes',
    then: 'it is the same, after 50 s and 300 s',
    source: { section: 'P2.5', recordings: [TIMELINE] },
    adapted: 'The Deployment may go to the other node, and the grace is that of today (facts 7.4).',
    worlds: ['full'],
    alone: true,
    steps: (world) => silence(world, undefined),
    recorded: SILENT_RECORDED,
    differs: [READY_AT_ONCE],
  },
  'node-deleted': {
    given: 'a node with a pod of each kind',
    when: 'its Node is deleted, and some time later its kubelet is restarted',
    then: 'its pods are collected, that of the Deployment is replaced elsewhere, and the kubelet registers only when it starts',
    source: { section: 'P2.5', recordings: [] },
    adapted: 'No node was deleted for the recordings; facts 7.12 and 7.13 say what has to be.',
    worlds: ['full'],
    alone: true,
    async steps(world) {
      await populate(world)
      const { cluster } = world
      await world.says('kubectl delete node node02')
      await world.until('its pods to be collected', () => world.podStates('node02').length === 0)
      await world.until('the replacement', () => world.podStates('node01').includes('nd-dep-HASH-POD ready'))
      const isThere = cluster.nodes.get(undefined, 'node02') !== undefined
      await cluster.lab.onNodeOk('node02', 'systemctl restart kubelet')
      await world.until(
        'the node to be back',
        () => world.podStates('node02').every(isReady) && world.podStates('node02').length === 2,
      )
      await world.rolledOut('nd-ds')
      const back = world.podStates('node02')
      await unpopulate(world)
      return { 'a Node without a start of its kubelet': isThere, 'pods of the node in the end': back }
    },
    recorded: {
      findings: {
        'kubectl delete node node02': ['node "node02" deleted'],
        'a Node without a start of its kubelet': false,
        'pods of the node in the end': ['nd-ds-POD ready', 'nd-static-node02 ready'],
      },
    },
  },
  'node-stopped': {
    given: 'a node with a pod of each kind',
    when: 'the whole node is stopped, and started again',
    then: 'its containers die with it, and all of its pods return, each restarted once',
    source: { section: 'P2.5', recordings: [] },
    adapted: 'No node was switched off for the recordings; facts 7.11 say what has to be.',
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await populate(world)
      const { lab } = world.cluster
      const uids = world.uidsOn('node02')
      await lab.ok('node', 'stop', 'node02')
      const alive = await lab.containers('container', 'label=io.node-lab.node=node02', 'status=running')
      await lab.ok('node', 'start', 'node02')
      await world.until(
        'all to be restarted',
        () => world.podStates('node02').every(isReady) && world.restartsOn('node02').every((count) => count === 1),
      )
      await world.rolledOut('nd-ds')
      const ended = { 'containers that outlive it': alive, restarts: world.restartsOn('node02') }
      await unpopulate(world)
      return { ...ended, 'the same pods': JSON.stringify(world.uidsOn('node02')) === JSON.stringify(uids) }
    },
    recorded: {
      findings: { 'containers that outlive it': [], restarts: [1, 1, 1, 1], 'the same pods': true },
    },
  },
  drained: {
    given: 'a node with a pod of each kind',
    when: 'it is drained with `--ignore-daemonsets`, and uncordoned',
    then: 'the pod of the Deployment goes to another node, and those of the DaemonSet and of the manifest folder stay',
    source: { section: 'P2.2', recordings: [] },
    adapted:
      'The recorded drain was refused for want of `--ignore-daemonsets`; the words of the other are those of facts 7.14.',
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await populate(world)
      await world.does('kubectl delete pod nd-bare')
      await world.says("kubectl drain node02 --pod-selector='app in (nd-ds,nd-dep)'", { as: 'kubectl drain node02' })
      await world.says("kubectl drain node02 --ignore-daemonsets --pod-selector='app in (nd-ds,nd-dep)'", {
        as: 'kubectl drain node02 --ignore-daemonsets',
      })
      await world.until('the replacement', () => world.podStates('node01').includes('nd-dep-HASH-POD ready'))
      const left = world.podStates('node02')
      await world.says('kubectl uncordon node02')
      await unpopulate(world)
      return { 'pods that are left': left }
    },
    recorded: {
      findings: {
        'kubectl drain node02': [
          'exit 1',
          'node/node02 cordoned',
          'stderr: error: unable to drain node "node02" due to error: cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/nd-ds-POD, continuing command...',
          'stderr: There are pending nodes to be drained:',
          'stderr:  node02',
          'stderr: cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/nd-ds-POD',
        ],
        'kubectl drain node02 --ignore-daemonsets': [
          'node/node02 already cordoned',
          'evicting pod default/nd-dep-HASH-POD',
          'pod/nd-dep-HASH-POD evicted',
          'node/node02 drained',
          'stderr: Warning: ignoring DaemonSet-managed Pods: default/nd-ds-POD',
        ],
        'kubectl uncordon node02': ['node/node02 uncordoned'],
        'pods that are left': ['nd-ds-POD ready', 'nd-static-node02 ready'],
      },
    },
  },
})
