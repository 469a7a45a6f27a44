/** DaemonSets are deleted, and their pods adopted (REPORT.md P2.4, recording 18). */
import { agent } from '../agents.ts'
import { defineClusterCases } from '../cluster-case.ts'
import { controllerOf } from '../describe-objects.ts'
import { goes } from './steps.ts'

const DELETE = 'p2-daemonset/18-delete-ds.txt'
const DELETED = ['daemonset.apps "agent" deleted']

export const DELETION_CASES = defineClusterCases({
  'delete-in-background': {
    given: 'a DaemonSet whose pods run',
    when: 'it is deleted',
    then: 'it is gone at once, and the garbage collector deletes its pods and revisions',
    source: { section: 'P2.4', recordings: [DELETE] },
    adapted: 'There is one DaemonSet, and not two.',
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says('kubectl delete ds agent')
      await world.until('its pods to be gone', () => world.pods().length === 0)
      await world.until(
        'its revisions to be gone',
        async () => (await world.does('kubectl get controllerrevisions -o name')) === '',
      )
    },
    recorded: {
      'first node': goes('a'),
      'second node': goes('a'),
      findings: { 'kubectl delete ds agent': DELETED },
    },
  },
  'delete-in-foreground': {
    given: 'a DaemonSet whose pods run',
    when: 'it is deleted with `--cascade=foreground`',
    then: 'it stays until the last of its pods has gone, and kubectl waits for it',
    source: { section: 'P2.4', recordings: [] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says('kubectl delete ds agent --cascade=foreground')
      return { 'pods that are left': world.pods().map(({ metadata }) => metadata.name) }
    },
    recorded: {
      'first node': goes('a'),
      'second node': goes('a'),
      findings: { 'kubectl delete ds agent --cascade=foreground': DELETED, 'pods that are left': [] },
    },
  },
  adoption: {
    given: 'a DaemonSet that was deleted with `--cascade=orphan`, whose pods run on without an owner',
    when: 'another one with their labels comes',
    then: 'it adopts them; as their template is its own, they run on',
    source: { section: 'P2.4', recordings: [] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      const owners = (): string[] => world.pods().map((pod) => controllerOf(pod)?.kind ?? 'nobody')
      const uids = world.pods().map(({ metadata }) => metadata.uid)
      await world.says('kubectl delete ds agent --cascade=orphan')
      await world.until('the owner to be forgotten', () => owners().every((kind) => kind === 'nobody'))
      const orphans = owners()
      await world.does('kubectl apply -f -', JSON.stringify(agent()))
      await world.rolledOut('agent')
      await world.until('the new owner', () => owners().every((kind) => kind === 'DaemonSet'))
      const isSame = JSON.stringify(world.pods().map(({ metadata }) => metadata.uid)) === JSON.stringify(uids)
      return { 'owners of the pods': orphans, 'the same pods': isSame }
    },
    recorded: {
      'first node': [],
      'second node': [],
      findings: {
        'kubectl delete ds agent --cascade=orphan': DELETED,
        'owners of the pods': ['nobody', 'nobody'],
        'the same pods': true,
      },
    },
  },
})
