/** The template of a DaemonSet changes (REPORT.md P2.4, recordings 05 to 09). */
import { brief, passing } from '../../recorded/recorded-case.ts'
import { agent, deletePodOn, OTHER_IMAGE } from '../agents.ts'
import { defineClusterCases } from '../cluster-case.ts'
import type { ClusterWorld } from '../cluster-world.ts'
import { printed, recordedLines } from '../transcripts.ts'
import { comes, goes, replacing } from './steps.ts'

const ENV = 'p2-daemonset/05-rolling-update-env.txt'
const BY_IMAGE = 'p2-daemonset/05b-rolling-update-image.txt'
const UNDO = 'p2-daemonset/06-rollout-undo.txt'
const BAD = 'p2-daemonset/07-bad-image-rollout.txt'
const RESTART = 'p2-daemonset/08-rollout-restart.txt'
const ON_DELETE = 'p2-daemonset/09-ondelete.txt'

/** Where nobody listens, so that the answer does not take its time. */
const ABSENT_IMAGE = 'localhost:1/nosuch:v9'

const STATUS = 'kubectl rollout status ds/agent'
const HISTORY = 'kubectl rollout history ds/agent'
const SET_V2 = 'kubectl set env ds/agent V=2'
const SET_V5 = 'kubectl set env ds/agent V=5'
const TO_ON_DELETE = `kubectl patch ds agent -p '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'`
const DELETE_ON_NODE01 = deletePodOn('node01')

const CREATED = 'SuccessfulCreate: Created pod: agent-POD'
const DELETED = 'SuccessfulDelete: Deleted pod: agent-POD'
/** One node after the other; which is first is not said. */
const NODE_BY_NODE = [...goes('first a'), ...comes('first b'), ...goes('second a'), ...comes('second b')]
const TWO_REPLACED = ['2/2/2/2/2, unseen', passing('2/2/2/0/2'), ...replacing(0, 1), ...replacing(1, 2)]

const SLOW_RECORDING = {
  reason:
    'The recorded kubelet needed most of a minute to tell that its pod had ended; the rollout is the same without that.',
  because: { anomaly: 'P2.4' },
} as const

const UP_TO_DATE = 'UP-TO-DATE in `kubectl get ds agent -w`, while AVAILABLE is 2'

/** Waits until the controller has written so many revisions down. */
async function revisions(world: ClusterWorld, count: number): Promise<void> {
  await world.until(`${count} revisions`, async () => {
    const names = await world.does('kubectl get controllerrevisions -o name')
    return names.trim().split('\n').length === count
  })
}

export const ROLLOUT_CASES = defineClusterCases({
  'rolling-update': {
    given: 'a DaemonSet whose pods run',
    when: 'an environment variable of its template changes',
    then: 'one node after the other gets its new pod, the second when that of the first is available',
    source: { section: 'P2.4', recordings: [ENV] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says(SET_V2)
      await world.says(STATUS)
      await world.says(HISTORY)
    },
    recorded: {
      pods: NODE_BY_NODE,
      status: TWO_REPLACED,
      events: [DELETED, CREATED, DELETED, CREATED],
      findings: printed(ENV, SET_V2, STATUS, HISTORY),
    },
  },
  'watch-rollout': {
    given: 'a DaemonSet whose pods run, and `kubectl get ds -w`',
    when: 'the image of its template changes, and then its change-cause',
    then: 'the watch shows how it goes on, and the revision that was there already keeps its cause',
    source: { section: 'P2.4', recordings: [BY_IMAGE] },
    adapted: `The other image is ${OTHER_IMAGE}, another name of the same, and the watch was not recorded.`,
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      const change = `kubectl set image ds/agent c=${OTHER_IMAGE}`
      const cause = 'kubectl annotate ds/agent kubernetes.io/change-cause=image-v2'
      const seen = await world.types('kubectl get ds agent -w', {
        interrupted: {
          after: 'agent ',
          meanwhile: `${change}; ${STATUS}; ${cause}; sleep 1`,
          until: 'successfully rolled out',
        },
      })
      const numbers = seen.flatMap((line) => [/^agent((?: +\d){5}) /.exec(line)?.[1]?.trim().split(/ +/) ?? []])
      const current = numbers.filter((row) => row[4] === '2' && row[3] !== '0').map((row) => row[3])
      await world.says(HISTORY)
      world.findings[UP_TO_DATE] = current.filter((count, index) => count !== current[index - 1])
    },
    recorded: {
      pods: NODE_BY_NODE,
      findings: {
        [UP_TO_DATE]: ['2', '1', '2'],
        [HISTORY]: ['daemonset.apps/agent', 'REVISION  CHANGE-CAUSE', '1  <none>', '2  <none>'],
      },
    },
  },
  undo: {
    given: 'a DaemonSet with three revisions, of which the last one runs',
    when: 'it is rolled back, to the one before and to others',
    then: 'the revision that is used again gets a new number, and what cannot be is refused in the recorded words',
    source: { section: 'P2.4', recordings: [UNDO] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says('kubectl rollout undo ds/agent', { as: 'kubectl rollout undo ds/agent, with one revision' })
      await world.does(SET_V2)
      await revisions(world, 2)
      await world.does(`kubectl set image ds/agent c=${OTHER_IMAGE}`)
      await revisions(world, 3)
      await world.rolledOut('agent')
      await world.says('kubectl rollout undo ds/agent')
      await world.says(STATUS)
      await world.says(HISTORY)
      await world.says('kubectl rollout undo ds/agent --to-revision=4')
      await world.says('kubectl rollout undo ds/agent --to-revision=1')
      await world.until('the first revision to have a new number', async () =>
        (await world.does(HISTORY)).includes('\n5 '),
      )
      await world.says(HISTORY, { as: `${HISTORY}, again` })
      await world.says('kubectl rollout undo ds/agent --to-revision=99')
    },
    recorded: {
      findings: {
        'kubectl rollout undo ds/agent, with one revision': [
          'exit 1',
          'stderr: error: no last revision to roll back to',
        ],
        ...printed(
          UNDO,
          'kubectl rollout undo ds/agent',
          STATUS,
          HISTORY,
          'kubectl rollout undo ds/agent --to-revision=1',
          'kubectl rollout undo ds/agent --to-revision=99',
        ),
        'kubectl rollout undo ds/agent --to-revision=4': [
          'daemonset.apps/agent skipped rollback (current template already matches revision 4)',
        ],
        [`${HISTORY}, again`]: recordedLines(UNDO, HISTORY, 2),
      },
    },
  },
  'bad-image': {
    given: 'a DaemonSet whose pods run',
    when: 'its template gets an image that is nowhere, and is rolled back',
    then: 'the rollout stops at the first node; rolled back, that node gets a pod of the old template, and the other one was never touched',
    source: { section: 'P2.4', recordings: [BAD] },
    adapted:
      'The earlier rollout has come to its end, the waits are shorter, and the image is one of a registry that refuses at once.',
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says(`kubectl set image ds/agent c=${ABSENT_IMAGE}`, { as: 'kubectl set image ds/agent c=nosuch:v9' })
      await world.until('the image to be missed', () =>
        world.lines('first node').some((line) => line.startsWith('b waiting')),
      )
      await world.says('kubectl rollout status ds/agent --timeout=1s', {
        as: 'kubectl rollout status ds/agent --timeout=20s',
      })
      world.findings['of the other node'] = world.lines('second node')
      await world.says('kubectl rollout undo ds/agent')
      await world.sees('first node', 'c ready')
      await world.rolledOut('agent')
    },
    recorded: {
      'second node': [],
      findings: {
        ...printed(
          BAD,
          'kubectl set image ds/agent c=nosuch:v9',
          'kubectl rollout status ds/agent --timeout=20s',
          'kubectl rollout undo ds/agent',
        ),
        'of the other node': [],
      },
    },
    differs: [
      {
        ...SLOW_RECORDING,
        finds: {
          'kubectl rollout status ds/agent --timeout=20s': [
            'exit 1',
            'Waiting for daemon set "agent" rollout to finish: 1 out of 2 new pods have been updated...',
            'stderr: error: timed out waiting for the condition',
          ],
        },
      },
    ],
  },
  restart: {
    given: 'a DaemonSet whose pods run',
    when: 'it is restarted',
    then: 'its pods are replaced one node after the other',
    source: { section: 'P2.4', recordings: [RESTART] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says('kubectl rollout restart ds/agent')
      await world.says('kubectl rollout status ds/agent --timeout=60s')
    },
    recorded: {
      pods: NODE_BY_NODE,
      findings: printed(RESTART, 'kubectl rollout restart ds/agent', 'kubectl rollout status ds/agent --timeout=60s'),
    },
    differs: [
      {
        ...SLOW_RECORDING,
        finds: { 'kubectl rollout status ds/agent --timeout=60s': recordedLines(ENV, STATUS) },
      },
    ],
  },
  'on-delete': {
    given: 'a DaemonSet whose pods run, with the update strategy OnDelete',
    when: 'its template changes, and one of its pods is deleted',
    then: 'nothing follows the change, and the node whose pod was deleted gets one of the new template',
    source: { section: 'P2.4', recordings: [ON_DELETE, 'p2-daemonset/09-ds-ondelete.json'] },
    adapted: 'The earlier rollout has come to its end.',
    worlds: ['engine'],
    async steps(world) {
      await world.running(agent(), 'agent')
      await world.says(TO_ON_DELETE)
      await world.says(SET_V5)
      await world.says(STATUS)
      await world.sees('status', '2/2/2/0/2')
      await world.says(DELETE_ON_NODE01)
      await world.sees('pods', 'first b ready')
      await world.sees('status', '2/2/2/1/2')
      return { 'its update strategy': world.daemonSet('agent')?.spec.updateStrategy }
    },
    recorded: {
      pods: [...goes('first a'), ...comes('first b')],
      status: [
        '2/2/2/2/2, unseen',
        '2/2/2/2/2',
        '2/2/2/2/2, unseen',
        '2/2/2/0/2',
        passing('2/2/1/0/1'),
        brief('2/1/1/0/1'),
        passing('2/2/1/1/1'),
        '2/2/2/1/2',
      ],
      events: [CREATED],
      findings: {
        ...printed(ON_DELETE, TO_ON_DELETE, SET_V5, STATUS, DELETE_ON_NODE01),
        'its update strategy': { type: 'OnDelete' },
      },
    },
  },
})
