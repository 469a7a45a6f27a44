/** Commands about nodes. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const NODE_CASES: KubectlCaseGroup = {
  title: 'Nodes',
  cases: [
    { command: 'kubectl taint node node02 zz=1:PreferNoSchedule', expected: { recording: '79-taint' } },
    { command: 'kubectl taint node node02 zz-', expected: { recording: '80-untaint' } },
    {
      command: 'kubectl taint node node02 zz-',
      expected: { prints: ['exit 1', 'stderr: error: taint "zz" not found'] },
    },
    { command: 'kubectl cordon node02', expected: { recording: '81-cordon' } },
    {
      command: 'kubectl get node node02',
      expected: {
        prints: ['NAME  STATUS  ROLES  AGE  VERSION', 'node02  Ready,SchedulingDisabled  <none>  AGE  VERSION'],
      },
    },
    { command: 'kubectl uncordon node02', expected: { recording: '82-uncordon' } },
    {
      command: "kubectl drain node02 --dry-run=client --ignore-daemonsets --pod-selector='!run'",
      expected: {
        recording: '83-drain-dry',
        differs: [
          {
            reason: 'Pods made by `kubectl run` are left out by the selector; there is no DaemonSet `agent`.',
            recorded: [
              'stderr: Warning: ignoring DaemonSet-managed Pods: apins/d1-56vxv, apins/d2-nr4ts, default/agent-bv6gh',
              'GET /api/v1/pods?fieldSelector=spec.nodeName%3Dnode02&limit=500 200',
              'GET /apis/apps/v1/namespaces/default/daemonsets/agent 200',
            ],
            ours: [
              'stderr: Warning: ignoring DaemonSet-managed Pods: apins/d1-56vxv, apins/d2-nr4ts',
              'GET /api/v1/pods?fieldSelector=spec.nodeName%3Dnode02&labelSelector=%21run&limit=500 200',
            ],
          },
        ],
      },
    },
    {
      command: "kubectl drain node02 --dry-run=server --ignore-daemonsets --pod-selector='!run'",
      expected: {
        prints: [
          'node/node02 cordoned (server dry run)',
          'node/node02 drained (server dry run)',
          'stderr: Warning: ignoring DaemonSet-managed Pods: apins/d1-56vxv, apins/d2-nr4ts',
        ],
      },
    },
    {
      command: "kubectl drain node01 --pod-selector='app=d1'",
      expected: {
        prints: [
          'exit 1',
          'node/node01 cordoned',
          'stderr: error: unable to drain node "node01" due to error: cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): apins/d1-jd59k, continuing command...',
          'stderr: There are pending nodes to be drained:',
          'stderr:  node01',
          'stderr: cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): apins/d1-jd59k',
        ],
      },
    },
    { command: 'kubectl uncordon node01', expected: { prints: ['node/node01 uncordoned'] } },
    {
      command: 'kubectl top nodes',
      prepare: 'for try in $(seq 30); do kubectl top nodes && break; sleep 1; done',
      expected: {
        recording: '78-top-nodes',
        differs: [
          {
            reason: 'The API server of a lab serves metrics.k8s.io itself; the recorded cluster had no metrics-server.',
            recorded: ['exit 1', 'stderr: error: Metrics API not available'],
            ours: [
              'NAME  CPU(cores)  CPU(%)  MEMORY(bytes)  MEMORY(%)',
              'controlplane  AGE  PERCENT  MEMORY  PERCENT',
              'node01  AGE  PERCENT  MEMORY  PERCENT',
              'node02  AGE  PERCENT  MEMORY  PERCENT',
              'GET /api/v1/nodes 200',
              'GET /apis/metrics.k8s.io/v1beta1/nodes 200',
            ],
          },
        ],
      },
    },
    {
      command: 'kubectl top pods --containers -l app=d1',
      prepare:
        'sh order-d1; for try in $(seq 30); do kubectl top pods -l app=d1 --containers | grep -c d1- | grep 2 && break; sleep 1; done',
      expected: {
        prints: ['POD  NAME  CPU(cores)  MEMORY(bytes)', 'd1-56vxv  c  AGE  MEMORY', 'd1-jd59k  c  AGE  MEMORY'],
      },
    },
    { command: 'kubectl get --raw /api/v1/nodes/node01/proxy/healthz', expected: { prints: ['ok'] } },
  ],
}
