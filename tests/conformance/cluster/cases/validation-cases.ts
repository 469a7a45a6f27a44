/** What is refused of DaemonSets (REPORT.md P2.4, recording 19). */
import { agent } from '../agents.ts'
import { defineClusterCases, type ClusterCase } from '../cluster-case.ts'
import { recordedLines } from '../transcripts.ts'

const FILE = 'p2-daemonset/19-validation-errors.txt'
const APPLY = 'kubectl apply -f -'

/** Applies objects and types commands; what is answered is a finding by its name. */
async function answers(
  world: Parameters<ClusterCase['steps']>[0],
  questions: Readonly<Record<string, object | string>>,
): Promise<void> {
  for (const [as, asked] of Object.entries(questions))
    await (typeof asked === 'string'
      ? world.says(asked, { as })
      : world.says(APPLY, { as, stdin: JSON.stringify(asked) }))
}

const otherLabels = { matchLabels: { app: 'agent', z: '1' } }

export const VALIDATION_CASES = defineClusterCases({
  refused: {
    given: 'a DaemonSet',
    when: 'somebody applies what cannot be one, or asks of it what only others can',
    then: 'it is refused in these words',
    source: { section: 'P2.4', recordings: [FILE] },
    worlds: ['engine'],
    async steps(world) {
      await world.does(APPLY, JSON.stringify(agent()))
      await answers(world, {
        'a selector that does not match the template': agent('bad', {
          spec: { selector: { matchLabels: { app: 'x' } } },
        }),
        'restartPolicy: Never': agent('bad', { podSpec: { restartPolicy: 'Never' } }),
        'another selector': agent('agent', {
          spec: {
            selector: otherLabels,
            template: {
              metadata: { labels: otherLabels.matchLabels },
              spec: { containers: [{ name: 'c', image: 'x' }] },
            },
          },
        }),
        'maxUnavailable: 0': agent('bad', { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } } }),
        'maxSurge: 1': agent('bad', { spec: { updateStrategy: { rollingUpdate: { maxSurge: 1 } } } }),
        'kubectl scale ds/agent --replicas=3': 'kubectl scale ds/agent --replicas=3',
        'kubectl rollout pause ds/agent': 'kubectl rollout pause ds/agent',
        'kubectl expose ds/agent --port=80': 'kubectl expose ds/agent --port=80',
        'kubectl autoscale ds/agent --max=3': 'kubectl autoscale ds/agent --max=3',
      })
    },
    recorded: {
      findings: {
        'a selector that does not match the template': recordedLines(FILE, APPLY, 1),
        'restartPolicy: Never': recordedLines(FILE, APPLY, 2),
        'another selector': recordedLines(FILE, APPLY, 3),
        'maxUnavailable: 0': recordedLines(FILE, APPLY, 4),
        'maxSurge: 1': recordedLines(FILE, APPLY, 5),
        'kubectl scale ds/agent --replicas=3': recordedLines(FILE, 'kubectl scale ds/agent --replicas=3'),
        'kubectl rollout pause ds/agent': recordedLines(FILE, 'kubectl rollout pause ds/agent'),
        'kubectl expose ds/agent --port=80': recordedLines(FILE, 'kubectl expose ds/agent --port=80'),
        'kubectl autoscale ds/agent --max=3': recordedLines(FILE, 'kubectl autoscale ds/agent --max=3'),
      },
    },
    differs: [
      {
        reason: 'Newer versions print values as JSON.',
        because: { facts: '8.6.1' },
        finds: {
          'a selector that does not match the template': [
            'exit 1',
            'stderr: The DaemonSet "bad" is invalid: spec.template.metadata.labels: Invalid value: {"app":"bad"}: `selector` does not match template `labels`',
          ],
          'another selector': [
            'exit 1',
            'stderr: The DaemonSet "agent" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"agent","z":"1"}}: field is immutable',
          ],
        },
      },
      {
        reason: 'There is maxSurge since 1.21, and the words about both have followed.',
        because: { facts: '6.5.4' },
        finds: {
          'maxUnavailable: 0': [
            'exit 1',
            'stderr: The DaemonSet "bad" is invalid: spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
          ],
          'maxSurge: 1': [
            'exit 1',
            'stderr: The DaemonSet "bad" is invalid: spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
          ],
        },
      },
    ],
  },
})
