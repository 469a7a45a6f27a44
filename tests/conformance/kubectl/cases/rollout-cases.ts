/** `kubectl rollout`, as far as the API alone serves it. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const ROLLOUT_CASES: KubectlCaseGroup = {
  title: 'Rollouts',
  cases: [
    {
      given: 'the revisions that a DaemonSet controller would make, made by hand',
      command: 'kubectl rollout history ds/d1',
      expected: { recording: '46-rollout-history' },
    },
    { command: 'kubectl rollout history ds/d1 --revision=1', expected: { recording: '47-rollout-history-rev' } },
    { command: 'kubectl rollout undo ds/d1 --to-revision=1', expected: { recording: '48-rollout-undo' } },
    { command: 'kubectl rollout restart ds/d1', expected: { recording: '49-rollout-restart' } },
    {
      command: 'kubectl rollout status ds/d1 --timeout=3s',
      expected: {
        recording: '50-rollout-status-2',
        differs: [
          {
            reason: 'No DaemonSet controller looks at the new spec (issue 6), and the wait is shorter.',
            recorded: [
              'Waiting for daemon set "d1" rollout to finish: 0 out of 2 new pods have been updated...',
              'Waiting for daemon set "d1" rollout to finish: 0 out of 2 new pods have been updated...',
              'Waiting for daemon set "d1" rollout to finish: 0 out of 2 new pods have been updated...',
              'Waiting for daemon set "d1" rollout to finish: 1 out of 2 new pods have been updated...',
              'Waiting for daemon set "d1" rollout to finish: 1 out of 2 new pods have been updated...',
              'Waiting for daemon set "d1" rollout to finish: 1 out of 2 new pods have been updated...',
            ],
            ours: ['Waiting for daemon set spec update to be observed...'],
          },
        ],
      },
    },
    { command: 'kubectl rollout pause ds/d1', expected: { recording: '51-rollout-pause' } },
    { command: 'kubectl rollout pause deploy/web', expected: { prints: ['deployment.apps/web paused'] } },
    { command: 'kubectl rollout resume deploy/web', expected: { prints: ['deployment.apps/web resumed'] } },
    {
      command: 'kubectl rollout history deploy/web',
      expected: { prints: ['deployment.apps/web', 'No rollout history found.'] },
    },
  ],
}
