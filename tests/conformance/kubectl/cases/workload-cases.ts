/** Commands about Deployments, their ReplicaSets and budgets; there are no recordings of them. */
import type { KubectlCase } from '../kubectl-case.ts'

const SHOP = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  annotations: { kubernetes.io/change-cause: first }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: c, image: "bb:v1" }] }
`

const ROLLED_OUT: KubectlCase = {
  command: 'kubectl rollout status deploy/shop --timeout=50s',
  expected: { shows: ['deployment "shop" successfully rolled out'] },
}

/** Pods come and go in a second. */
export const WORKLOAD_CASES: readonly KubectlCase[] = [
  { command: 'kubectl apply -f -', stdin: SHOP, expected: { prints: ['deployment.apps/shop created'] } },
  ROLLED_OUT,
  {
    command: 'kubectl get deploy shop',
    expected: { prints: ['NAME  READY  UP-TO-DATE  AVAILABLE  AGE', 'shop  2/2  2  2  AGE'] },
  },
  {
    command: 'kubectl get deploy shop -w',
    interrupted: { after: 'shop', meanwhile: 'kubectl scale deploy shop --replicas=3', until: '3/3' },
    expected: { shows: ['shop  2/2  2  2  AGE', 'shop  2/3  2  2  AGE', 'shop  3/3  3  3  AGE'] },
  },
  {
    command: 'kubectl scale deploy shop --current-replicas=5 --replicas=1',
    expected: { prints: ['exit 1', 'stderr: error: Expected replicas to be 5, was 3'] },
  },
  {
    command: 'kubectl get deploy shop --subresource=scale',
    expected: { prints: ['NAME  DESIRED  AVAILABLE  AGE', 'shop  3  3  AGE'] },
  },
  {
    command: 'kubectl scale rs -l app=shop --replicas=9',
    expected: { shows: [] },
    remark: 'The Deployment puts it right again.',
  },
  {
    command: 'kubectl scale ds shop --replicas=1',
    expected: { prints: ['exit 1', 'stderr: error: no objects passed to scale daemonsets.apps "shop" not found'] },
  },
  ROLLED_OUT,
  { command: 'kubectl set image deploy/shop c=bb:v2', expected: { prints: ['deployment.apps/shop image updated'] } },
  {
    command: 'kubectl annotate --overwrite deploy/shop kubernetes.io/change-cause=second',
    expected: { prints: ['deployment.apps/shop annotated'] },
  },
  ROLLED_OUT,
  {
    command: 'kubectl rollout history deploy/shop',
    expected: { shows: ['deployment.apps/shop', 'REVISION  CHANGE-CAUSE', '1  first', '2  second'] },
  },
  {
    command: 'kubectl rollout history deploy/shop --revision=1',
    expected: { shows: ['deployment.apps/shop with revision #1', '    Image:\tIMAGE'] },
  },
  { command: 'kubectl rollout undo deploy/shop', expected: { prints: ['deployment.apps/shop rolled back'] } },
  ROLLED_OUT,
  {
    command: 'kubectl rollout history deploy/shop',
    expected: { shows: ['2  second', '3  first'] },
  },
  {
    command: 'kubectl rollout undo deploy/shop --to-revision=9',
    expected: { prints: ['exit 1', 'stderr: error: unable to find specified revision 9 in history'] },
  },
  { command: 'kubectl rollout pause deploy/shop', expected: { prints: ['deployment.apps/shop paused'] } },
  {
    command: 'kubectl rollout undo deploy/shop',
    expected: {
      prints: [
        'exit 1',
        "stderr: error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
      ],
    },
  },
  { command: 'kubectl rollout restart deploy/shop', expected: { shows: ['exit 1'] } },
  { command: 'kubectl rollout resume deploy/shop', expected: { prints: ['deployment.apps/shop resumed'] } },
  { command: 'kubectl rollout restart deploy/shop', expected: { prints: ['deployment.apps/shop restarted'] } },
  ROLLED_OUT,
  {
    command: 'kubectl describe deploy shop',
    expected: {
      shows: [
        'Selector:  app=shop',
        'Replicas:  3 desired | 3 updated | 3 total | 3 available | 0 unavailable',
        'StrategyType:  RollingUpdate',
        'RollingUpdateStrategy:  PERCENT max unavailable, PERCENT max surge',
        '  Available  True  MinimumReplicasAvailable',
        '  Progressing  True  NewReplicaSetAvailable',
      ],
    },
  },
  {
    command: 'kubectl describe rs -l app=shop',
    expected: {
      shows: [
        'Controlled By:  Deployment/shop',
        'Replicas:  3 current / 3 desired',
        'Pods Status:  3 Running / 0 Waiting / 0 Succeeded / 0 Failed',
      ],
    },
  },
  {
    command: 'kubectl autoscale deploy shop --max=5',
    expected: {
      prints: [
        'exit 1',
        'stderr: Error from server (NotFound): the server could not find the requested resource (post horizontalpodautoscalers.autoscaling)',
      ],
    },
  },
  {
    command: 'kubectl create pdb shop --selector=app=shop --max-unavailable=1',
    expected: { prints: ['poddisruptionbudget.policy/shop created'] },
  },
  {
    command: 'kubectl get pdb shop',
    prepare:
      'for try in $(seq 100); do kubectl get pdb shop -o jsonpath={.status.disruptionsAllowed} | grep -q 1 && break; sleep 0.1; done',
    expected: {
      prints: ['NAME  MIN AVAILABLE  MAX UNAVAILABLE  ALLOWED DISRUPTIONS  AGE', 'shop  N/A  1  1  AGE'],
    },
  },
  {
    command: 'kubectl drain node01 --timeout=50s',
    expected: { shows: ['node/node01 cordoned', 'node/node01 drained'] },
  },
  {
    command: 'kubectl patch pdb shop --type=merge -p \'{"spec":{"maxUnavailable":0}}\'',
    expected: { prints: ['poddisruptionbudget.policy/shop patched'] },
  },
  {
    command: 'kubectl drain node02 --timeout=3s',
    prepare:
      'for try in $(seq 100); do kubectl get pdb shop -o jsonpath={.status.conditions[0].status} | grep -q False && break; sleep 0.1; done',
    expected: { shows: ['exit 1', 'node/node02 cordoned'] },
    remark: 'No pod may go: they all stay.',
  },
  {
    command: 'kubectl get deploy shop',
    expected: { shows: ['shop  3/3  3  3  AGE'] },
  },
]
