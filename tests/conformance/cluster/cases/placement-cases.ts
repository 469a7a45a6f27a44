/** Which nodes get a pod (REPORT.md P2.4, recordings 10 to 13 and 16). */
import { brief, passing } from '../../recorded/recorded-case.ts'
import { agent, deletePodOn } from '../agents.ts'
import { defineClusterCases } from '../cluster-case.ts'
import { printed } from '../transcripts.ts'
import { comes, goes, replacing } from './steps.ts'

const TAINT = 'p2-daemonset/10-taint-NoSchedule.txt'
const CORDON = 'p2-daemonset/12-cordon.txt'
const BARE = 'p2-daemonset/16-node-object-only.txt'
const DELETE_ON_NODE02 = deletePodOn('node02')
const CREATED = 'SuccessfulCreate: Created pod: agent-POD'

export const PLACEMENT_CASES = defineClusterCases({
  taint: {
    given: 'a DaemonSet whose pods run',
    when: 'a node gets a taint with NoSchedule, its pod is deleted, and the taint is taken away',
    then: 'the pod stays and counts as misscheduled; the deleted one comes back only when the taint has gone',
    source: { section: 'P2.4', recordings: [TAINT] },
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says('kubectl taint node node02 k=v:NoSchedule')
      await world.sees('status', '1/1/1/1/1, misscheduled 1')
      await world.says(DELETE_ON_NODE02)
      await world.sees('status', '1/1/1/1/1')
      await world.says('kubectl taint node node02 k-')
      await world.rolledOut('agent')
    },
    recorded: {
      pods: [...goes('first a'), ...comes('first b')],
      status: ['1/1/1/1/1, misscheduled 1', '1/1/1/1/1', brief('2/1/1/1/1'), passing('2/2/1/2/1'), '2/2/2/2/2'],
      events: [CREATED],
      findings: printed(
        TAINT,
        'kubectl taint node node02 k=v:NoSchedule',
        DELETE_ON_NODE02,
        'kubectl taint node node02 k-',
      ),
    },
  },
  'taint-no-execute': {
    given: 'a DaemonSet whose pods run',
    when: 'a node gets a taint with NoExecute, and it is taken away',
    then: 'its pod is evicted at once, and comes back with the end of the taint',
    source: { section: 'P2.4', recordings: [] },
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.does('kubectl taint node node02 k=v:NoExecute')
      await world.sees('pods', 'first a gone')
      await world.sees('status', '1/1/1/1/1')
      const evictions = world.eventsAbout('Pod').filter((line) => line.includes('TaintManagerEviction'))
      await world.does('kubectl taint node node02 k-')
      await world.rolledOut('agent')
      return { evictions }
    },
    recorded: {
      pods: [...goes('first a'), ...comes('first b')],
      findings: {
        evictions: [
          'Normal TaintManagerEviction taint-eviction-controller Pod/agent-POD: Marking for deletion Pod default/agent-POD',
        ],
      },
    },
  },
  cordon: {
    given: 'a DaemonSet whose pods run',
    when: 'a node is cordoned, and its pod deleted',
    then: 'it comes back there, for it tolerates that',
    source: { section: 'P2.4', recordings: [CORDON] },
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says('kubectl cordon node02')
      await world.says('kubectl get node node02')
      await world.says(DELETE_ON_NODE02)
      await world.sees('pods', 'first b ready')
      await world.rolledOut('agent')
      await world.says('kubectl uncordon node02')
    },
    recorded: {
      pods: [...goes('first a'), ...comes('first b')],
      status: replacing(2, 2),
      findings: {
        ...printed(CORDON, 'kubectl cordon node02', DELETE_ON_NODE02, 'kubectl uncordon node02'),
        'kubectl get node node02': [
          'NAME  STATUS  ROLES  AGE  VERSION',
          'node02  Ready,SchedulingDisabled  <none>  AGE  VERSION',
        ],
      },
    },
  },
  'node-selector': {
    given: 'a DaemonSet whose node selector matches no node',
    when: 'a node gets the label, and loses it',
    then: 'it gets a pod, which is deleted as soon as the label has gone',
    source: { section: 'P2.4', recordings: [] },
    worlds: ['engine'],
    async steps(world) {
      const disk = `disk-${world.namespace}`
      const set = agent('agent', { podSpec: { nodeSelector: { [disk]: 'ssd' } } })
      await world.running(set, 'agent', 0)
      await world.does(`kubectl label node node02 ${disk}=ssd`)
      await world.rolledOut('agent', 1)
      await world.says('kubectl get ds')
      await world.does(`kubectl label node node02 ${disk}-`)
      await world.sees('pods', 'first a gone')
      await world.sees('status', '0/0/0/0/0')
    },
    recorded: {
      pods: [...comes('first a'), ...goes('first a')],
      status: [
        brief('1/0/0/0/0'),
        passing('1/1/0/1/0'),
        '1/1/1/1/1',
        passing('0/0/0/0/0, misscheduled 1'),
        '0/0/0/0/0',
      ],
      events: [CREATED, 'SuccessfulDelete: Deleted pod: agent-POD'],
      findings: {
        'kubectl get ds': [
          'NAME  DESIRED  CURRENT  READY  UP-TO-DATE  AVAILABLE  NODE SELECTOR  AGE',
          'agent  1  1  1  1  1  disk-default=ssd  AGE',
        ],
      },
    },
  },
  'bare-node': {
    given: 'a DaemonSet whose pods run',
    when: 'somebody makes a Node that has no kubelet, says that it is ready, and deletes it',
    then: 'a pod is made for it, which the scheduler cannot place, and which goes with the Node',
    source: { section: 'P2.4', recordings: [BARE] },
    adapted:
      'The Node is said to be ready by hand, for a new one has the taint of one that is not; the control plane is a node more.',
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await world.running(agent(), 'agent')
      const node = {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'fake03', labels: { 'kubernetes.io/hostname': 'fake03' } },
      }
      await world.says('kubectl create -f -', { stdin: JSON.stringify(node) })
      const ready = JSON.stringify({
        status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }] },
      })
      await world.does(`kubectl patch node fake03 --subresource=status --type=merge -p '${ready}'`)
      await world.sees('pods', 'first a unscheduled')
      await world.sees('status', '3/3/2/3/2')
      const refused = world.eventsAbout('Pod').filter((line) => line.includes('FailedScheduling'))
      await world.says('kubectl delete node fake03')
      await world.sees('pods', 'first a gone')
      await world.rolledOut('agent')
      return { refused }
    },
    recorded: {
      pods: ['first a pending', 'first a unscheduled', passing('first a ending'), 'first a gone'],
      status: [passing('3/2/2/2/2'), '3/3/2/3/2', '2/2/2/2/2'],
      findings: {
        ...printed(BARE, 'kubectl create -f -', 'kubectl delete node fake03'),
        refused: [
          "Warning FailedScheduling default-scheduler Pod/agent-POD: 0/3 nodes are available: 1 Too many pods, 2 node(s) didn't match Pod's node affinity.",
        ],
      },
    },
    differs: [
      {
        reason: 'The control plane is a node more, and newer versions tell of preemption, too.',
        because: { facts: '6.3.3' },
        finds: {
          refused: [
            "Warning FailedScheduling default-scheduler Pod/agent-POD: 0/4 nodes are available: 1 Too many pods, 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/4 nodes are available: 1 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.",
          ],
        },
      },
    ],
  },
})
