/** Commands that delete, at last what the first ones made. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const DELETE_CASES: KubectlCaseGroup = {
  title: 'Deleting',
  cases: [
    { command: 'kubectl delete pod nosuch', expected: { recording: '87-delete-not-found' } },
    { command: 'kubectl delete pod r1 --grace-period=1', expected: { recording: '90-delete-pod' } },
    { command: 'kubectl delete pod d1-56vxv --force --grace-period=0', expected: { recording: '91-delete-pod-force' } },
    { command: 'kubectl delete pod two --wait=false', expected: { prints: ['pod "two" deleted'] } },
    { command: 'kubectl delete ds d1', expected: { recording: '93-delete-ds' } },
    { command: 'kubectl delete ds d2 --cascade=orphan', expected: { prints: ['daemonset.apps "d2" deleted'] } },
    {
      command: 'kubectl get pods -l app=d2 -o jsonpath={.items[*].metadata.ownerReferences}',
      prepare:
        'for try in $(seq 100); do kubectl get pods -l app=d2 -o yaml | grep -q ownerRef || break; sleep 0.2; done',
      expected: { prints: [] },
      remark: 'Its pods run on, and nobody owns them.',
    },
    {
      command: 'kubectl delete cm,secret --all',
      expected: {
        prints: ['configmap "kube-root-ca.crt" deleted', 'configmap "settings" deleted', 'secret "password" deleted'],
      },
    },
    { command: 'kubectl delete deploy -l app=web', expected: { prints: ['deployment.apps "web" deleted'] } },
    { command: 'kubectl delete ns apins', expected: { recording: '94-delete-ns' } },
    {
      command: 'kubectl get ns apins',
      expected: { prints: ['exit 1', 'stderr: Error from server (NotFound): namespaces "apins" not found'] },
    },
    {
      command: 'kubectl delete ns kube-system',
      expected: {
        prints: [
          'exit 1',
          'stderr: Error from server (Forbidden): namespaces "kube-system" is forbidden: this namespace may not be deleted',
        ],
      },
    },
  ],
}
