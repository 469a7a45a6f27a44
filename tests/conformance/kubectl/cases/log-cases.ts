/** `kubectl logs`. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const LOG_CASES: KubectlCaseGroup = {
  title: 'Logs',
  cases: [
    { command: 'kubectl logs d1-56vxv', expected: { recording: '35-logs' } },
    { command: 'kubectl logs --tail=1 --timestamps d1-56vxv', expected: { recording: '36-logs-tail-timestamps' } },
    { command: 'kubectl logs ds/d1', expected: { shows: ['hello2'] } },
    {
      command: 'kubectl logs -l app=d1 --prefix | sort',
      expected: { prints: ['[pod/d1-56vxv/c] hello2', '[pod/d1-jd59k/c] hello2'] },
    },
    { command: 'kubectl logs -f d1-56vxv', interrupted: { until: 'hello2' }, expected: { prints: ['hello2'] } },
    { command: 'kubectl logs --since=1s d1-56vxv', expected: { prints: [] } },
    {
      command: 'kubectl logs d1-56vxv -c nosuch',
      expected: { prints: ['exit 1', 'stderr: error: container nosuch is not valid for pod d1-56vxv'] },
    },
    {
      given: 'a pod of two containers, one of which has ended once',
      command: 'kubectl logs two',
      prepare:
        'kubectl apply -f two.yaml && kubectl wait --for=jsonpath={.status.containerStatuses[1].restartCount}=1 pod/two --timeout=50s',
      expected: { prints: ['main speaks', 'stderr: Defaulted container "main" out of: main, other'] },
    },
    { command: 'kubectl logs two -c other --tail=1', expected: { prints: ['other speaks'] } },
    { command: 'kubectl logs two -c other -p --tail=1', expected: { prints: ['other speaks'] } },
    {
      command: 'kubectl logs two --all-containers --prefix | sort -u | head -2',
      expected: { prints: ['[pod/two/main] main speaks', '[pod/two/other] other speaks'] },
    },
    {
      command: 'kubectl logs two -c main -p',
      expected: {
        prints: [
          'exit 1',
          'stderr: Error from server (BadRequest): previous terminated container "main" in pod "two" not found',
        ],
      },
    },
    {
      command: 'kubectl logs nosuch',
      expected: {
        prints: ['exit 1', 'stderr: error: error from server (NotFound): pods "nosuch" not found in namespace "apins"'],
      },
    },
    {
      given: 'a pod without a node',
      command: 'kubectl logs unscheduled',
      prepare: 'kubectl apply -f unscheduled.yaml',
      expected: { prints: [] },
      remark: 'Upstream answers with nothing as well, as long as a pod has no node.',
    },
  ],
}
