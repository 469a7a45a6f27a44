/** DaemonSets are made, and their pods taken away (REPORT.md P2.4, recordings 01 to 04, 17). */
import { brief, passing } from '../../recorded/recorded-case.ts'
import { agent, deletePodOn } from '../agents.ts'
import { defineClusterCases } from '../cluster-case.ts'
import { NEW_EVENTS, NEW_TOKEN, NEWER_POD, OLD_EVENTS, OLD_TOKEN } from './newer-lines.ts'
import { otherThan, printed } from '../transcripts.ts'
import { comes, goes, replacing } from './steps.ts'

const VIEWS = 'p2-daemonset/03-kubectl-views.txt'
/** In the order in which they come. */
const NEW_DESCRIPTION = [NEW_TOKEN[0], '+ PodReadyToStartContainers  True', ...NEW_TOKEN.slice(1), ...NEW_EVENTS]
const CREATED = 'SuccessfulCreate: Created pod: agent-POD'
const DELETE_ON_NODE01 = deletePodOn('node01')
const FORCE_ON_NODE01 = deletePodOn('node01', 'agent', '--force --grace-period=0')

export const DAEMON_SET_CASES = defineClusterCases({
  create: {
    given: 'two nodes that are ready',
    when: 'a DaemonSet is applied',
    then: 'each node gets a pod, which the scheduler binds',
    source: { section: 'P2.4', recordings: ['p2-daemonset/01-create-timeline.txt', VIEWS] },
    worlds: ['engine'],
    async steps(world) {
      world.begin()
      await world.says('kubectl apply -f -', { stdin: JSON.stringify(agent()) })
      await world.rolledOut('agent')
      await world.says('kubectl get ds')
      await world.says('kubectl get ds -o wide')
      await world.says('kubectl rollout status ds/agent')
      await world.says('kubectl rollout history ds/agent')
      await world.says('kubectl rollout history ds/agent --revision=1')
      await world.says('kubectl get controllerrevisions')
      await world.says('kubectl get pods -l app=agent -o wide')
    },
    recorded: {
      'first node': comes('a'),
      'second node': comes('a'),
      status: [
        '0/0/0/0/0, unseen',
        brief('2/0/0/0/0'),
        brief('2/1/0/1/0'),
        passing('2/2/0/2/0'),
        passing('2/2/1/2/1'),
        '2/2/2/2/2',
      ],
      events: [CREATED, CREATED],
      findings: {
        ...printed('p2-daemonset/01-create-timeline.txt', 'kubectl apply -f -'),
        ...printed(
          VIEWS,
          'kubectl get ds',
          'kubectl get ds -o wide',
          'kubectl rollout status ds/agent',
          'kubectl rollout history ds/agent',
          'kubectl rollout history ds/agent --revision=1',
          'kubectl get controllerrevisions',
          'kubectl get pods -l app=agent -o wide',
        ),
      },
    },
  },
  describe: {
    given: 'a DaemonSet whose pods run',
    when: 'it and its pods are looked at as a whole',
    then: 'every line is as recorded, but for what is newer than 1.20',
    source: {
      section: 'P2.4',
      recordings: [
        VIEWS,
        'p2-daemonset/02-ds.json',
        'p2-daemonset/02-ds-pods.json',
        'p2-daemonset/02-controllerrevisions.json',
      ],
    },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.saysAsIn(VIEWS, 'kubectl describe ds agent')
      await world.saysAsIn('p2-daemonset/02-ds.json', 'kubectl get ds agent -o json')
      await world.saysAsIn('p2-daemonset/02-controllerrevisions.json', 'kubectl get controllerrevisions -o json')
      const onNode01 = `kubectl get pod ${world.podOn('node01')} -o json`
      await world.saysAsIn('p2-daemonset/02-ds-pods.json', 'kubectl get pod agent-g5kvp -o json', onNode01)
      await world.saysAsIn(VIEWS, 'kubectl describe pod -l app=agent')
    },
    recorded: {
      findings: {
        [otherThan('kubectl describe ds agent')]: [],
        [otherThan('kubectl get ds agent -o json')]: [],
        [otherThan('kubectl get controllerrevisions -o json')]: [],
        [otherThan('kubectl get pod agent-g5kvp -o json')]: [],
        [otherThan('kubectl describe pod -l app=agent')]: [],
      },
    },
    differs: [
      {
        reason: 'There is maxSurge since 1.21.',
        because: { facts: '6.5.4' },
        finds: {
          [otherThan('kubectl get ds agent -o json')]: ['- "creationTimestamp": null,', '+ "maxSurge": 0,'],
        },
      },
      {
        reason: 'Newer versions project tokens, number generations, and tell more in a status and in events.',
        because: { facts: '2.7' },
        finds: {
          [otherThan('kubectl describe pod -l app=agent')]: [...OLD_TOKEN, ...OLD_EVENTS, ...NEW_DESCRIPTION],
          [otherThan('kubectl get pod agent-g5kvp -o json')]: NEWER_POD,
        },
      },
    ],
  },
  'delete-pod': {
    given: 'a DaemonSet whose pods run',
    when: 'one of its pods is deleted',
    then: 'the node gets another one as soon as the first has gone, and not before',
    source: { section: 'P2.4', recordings: ['p2-daemonset/04-delete-ds-pod.txt'] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says(DELETE_ON_NODE01)
      await world.sees('pods', 'first b ready')
      await world.rolledOut('agent')
    },
    recorded: {
      pods: [...goes('first a'), ...comes('first b')],
      status: replacing(2, 2),
      events: [CREATED],
      findings: printed('p2-daemonset/04-delete-ds-pod.txt', DELETE_ON_NODE01),
    },
  },
  'force-delete-pod': {
    given: 'a DaemonSet whose pods run',
    when: 'one of its pods is deleted by force',
    then: 'the node gets another one at once, while the old container still ends',
    source: { section: 'P2.4', recordings: ['p2-daemonset/04b-force-delete-ds-pod.txt'] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says(FORCE_ON_NODE01)
      await world.sees('pods', 'first b ready')
      await world.rolledOut('agent')
    },
    recorded: {
      pods: [...goes('first a'), ...comes('first b')],
      status: [brief('2/1/1/1/1'), passing('2/2/1/2/1'), '2/2/2/2/2'],
      events: [CREATED],
      findings: printed('p2-daemonset/04b-force-delete-ds-pod.txt', FORCE_ON_NODE01),
    },
  },
  'failed-pod': {
    given: 'a DaemonSet whose pods run',
    when: 'the phase of one of them becomes Failed',
    then: 'its controller tells so, deletes it, and makes another one',
    source: { section: 'P2.4', recordings: ['p2-daemonset/17-crash-pod-failed.txt'] },
    adapted: 'The phase is written with `kubectl patch --subresource=status` instead of curl.',
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      const status = JSON.stringify({ status: { phase: 'Failed', reason: 'Evicted' } })
      await world.does(`kubectl patch pod ${world.podOn('node01')} --subresource=status --type=merge -p '${status}'`)
      await world.sees('pods', 'first b ready')
      await world.rolledOut('agent')
    },
    recorded: {
      // Whether the kubelet or the controller is first: a pod that is Failed still when it is deleted has no grace, and is gone at once.
      pods: [
        ...['first a failed', brief('first a ready'), brief('first a ending'), 'first a gone'],
        ...comes('first b'),
      ],
      events: [
        'FailedDaemonPod: Found failed daemon pod default/agent-POD on node node01, will try to kill it',
        ['SuccessfulDelete: Deleted pod: agent-POD', CREATED],
      ],
    },
  },
})
