/** Parts of the control plane are away (REPORT.md P2.4, recordings 14 and 15). */
import { agent, deletePodOn, IMAGE, staticPod } from '../agents.ts'
import { defineClusterCases } from '../cluster-case.ts'
import { otherThan, printed, recordedLines } from '../transcripts.ts'
import { NEW_TOKEN, OLD_TOKEN } from './newer-lines.ts'
import { comes } from './steps.ts'

const NO_SCHEDULER = 'p2-daemonset/14-scheduler-stopped.txt'
const NO_MANAGER = 'p2-daemonset/15-cm-stopped.txt'
const APPLY = 'kubectl apply -f -'
const RUN_PLAIN = 'kubectl run agent-plain --image=bb:v1 --restart=Never -- sleep 600'
const TYPED_PLAIN = RUN_PLAIN.replace('bb:v1', IMAGE)
const GET_PODS = 'kubectl get pods -o wide'
const GET_BOTH = 'kubectl get ds,pods -o wide'
const DELETE_ON_NODE01 = deletePodOn('node01', 'agent2')

export const CONTROL_PLANE_CASES = defineClusterCases({
  'scheduler-stopped': {
    given: 'a cluster whose kube-scheduler was stopped by moving its manifest',
    when: 'a DaemonSet, an ordinary pod and a static pod come, and the scheduler comes back',
    then: 'the pods of the DaemonSet and the ordinary one wait without a node, the static one runs; then all run',
    source: { section: 'P2.4', recordings: [NO_SCHEDULER] },
    adapted: 'The static pod was not recorded.',
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      const { cluster, namespace } = world
      const giveBack = await cluster.takePart('kube-scheduler')
      try {
        world.begin()
        await world.says(APPLY, { stdin: JSON.stringify(agent('agent2', { env: [] })) })
        await world.says(TYPED_PLAIN, { as: RUN_PLAIN })
        await cluster.lab.drop('nosched.json', staticPod('static', namespace))
        await world.until('the static pod to run', () => world.lines('other pods').includes('static-node01 ready'))
        await world.sees('status', '2/2/0/2/0')
        await world.says('kubectl get pods -o wide -l app=agent2')
        await world.says('kubectl get pod agent-plain -o wide')
        await world.saysAsIn(NO_SCHEDULER, 'kubectl describe pod -l app=agent2')
      } finally {
        await giveBack()
        await cluster.lab.removeFile('nosched.json')
      }
      await world.rolledOut('agent2')
      await world.sees('other pods', 'agent-plain ready')
    },
    recorded: {
      'first node': comes('a'),
      'second node': comes('a'),
      findings: {
        ...printed(NO_SCHEDULER, APPLY, RUN_PLAIN),
        'kubectl get pods -o wide -l app=agent2': recordedLines(NO_SCHEDULER, GET_PODS).filter(
          (line) => !line.startsWith('agent-plain'),
        ),
        'kubectl get pod agent-plain -o wide': recordedLines(NO_SCHEDULER, GET_PODS).filter(
          (line) => !line.startsWith('agent2'),
        ),
        [otherThan('kubectl describe pod -l app=agent2')]: [],
      },
    },
    differs: [
      {
        reason: 'Tokens are projected volumes.',
        because: { since: '1.22' },
        finds: { [otherThan('kubectl describe pod -l app=agent2')]: [...OLD_TOKEN, ...NEW_TOKEN] },
      },
    ],
  },
  'scheduler-ignored': {
    given:
      'no kube-scheduler, and a kube-controller-manager with `--feature-gates=ScheduleDaemonSetPods=false`, as up to 1.11',
    when: 'a DaemonSet comes',
    then: 'its pods run: their controller gives them their nodes itself',
    source: { section: 'P2.4', recordings: [] },
    adapted: 'Nothing of this was recorded: the gate is gone since 1.18 (facts 6.3.2).',
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      const { cluster } = world
      const giveBack = await cluster.takePart('kube-scheduler')
      const takeBack = await cluster.setManagerFlags(['--feature-gates=ScheduleDaemonSetPods=false'])
      try {
        world.begin()
        await world.does(APPLY, JSON.stringify(agent()))
        await world.rolledOut('agent')
        const scheduled = world.eventsAbout('Pod').filter((line) => line.includes('Scheduled'))
        return { 'words of the scheduler': scheduled }
      } finally {
        await takeBack()
        await giveBack()
      }
    },
    recorded: {
      'first node': ['a bound', 'a ready'],
      'second node': ['a bound', 'a ready'],
      findings: { 'words of the scheduler': [] },
    },
  },
  'manager-stopped': {
    given: 'a DaemonSet whose pods run, and a kube-controller-manager that was stopped by moving its manifest',
    when: 'one of its pods is deleted and another DaemonSet comes, and the controller manager comes back',
    then: 'neither gets a pod until then',
    source: { section: 'P2.4', recordings: [NO_MANAGER] },
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await world.running(agent('agent2'), 'agent2')
      const giveBack = await world.cluster.takePart('kube-controller-manager')
      try {
        await world.says(DELETE_ON_NODE01)
        await world.says(APPLY, { stdin: JSON.stringify(agent('agent3')) })
        await world.says(GET_BOTH)
      } finally {
        await giveBack()
      }
      await world.rolledOut('agent2')
      await world.rolledOut('agent3')
      await world.says(GET_BOTH, { as: `${GET_BOTH}, again` })
    },
    recorded: {
      findings: {
        ...printed(NO_MANAGER, DELETE_ON_NODE01, APPLY),
        [GET_BOTH]: withoutOthers(recordedLines(NO_MANAGER, GET_BOTH)),
        [`${GET_BOTH}, again`]: withoutOthers(recordedLines(NO_MANAGER, GET_BOTH, 2)),
      },
    },
  },
})

/** What other cases of the recording had left. */
function withoutOthers(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^(daemonset\.apps\/agent |pod\/(agent-plain|web2-))/.test(line))
}
