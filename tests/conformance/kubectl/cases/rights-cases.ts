/** `kubectl auth`, and what somebody with few rights sees. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const RIGHTS_CASES: KubectlCaseGroup = {
  title: 'Rights',
  cases: [
    { command: 'kubectl auth can-i create pods', expected: { recording: '77-auth-can-i' } },
    {
      command: 'kubectl auth whoami',
      expected: {
        prints: [
          'ATTRIBUTE  VALUE',
          'Username  kubernetes-admin',
          'Groups  [kubeadm:cluster-admins system:authenticated]',
          'Extra: authentication.kubernetes.io/credential-id  [X509SHA256=ID]',
        ],
      },
    },
    {
      command: 'kubectl auth can-i --list | head -4',
      expected: {
        prints: [
          'Resources  Non-Resource URLs  Resource Names  Verbs',
          '*.*  []  []  [*]',
          '        [*]  []  [*]',
          'selfsubjectreviews.authentication.k8s.io  []  []  [create]',
          'stderr: Warning: the list may be incomplete: node authorizer does not support user rule resolution',
        ],
      },
    },
    { command: 'kubectl auth can-i list pods --as=system:serviceaccount:apins:robot', expected: { prints: ['yes'] } },
    {
      command: 'kubectl auth can-i delete pods --as=system:serviceaccount:apins:robot',
      expected: { prints: ['exit 1', 'no'] },
    },
    {
      command: 'kubectl auth can-i --list --as=system:serviceaccount:apins:robot | grep -E "^(Resources|pods)"',
      expected: {
        prints: [
          'Resources  Non-Resource URLs  Resource Names  Verbs',
          'pods  []  []  [get list]',
          'stderr: Warning: the list may be incomplete: node authorizer does not support user rule resolution',
        ],
      },
    },
    {
      command: 'kubectl get secrets --as=system:serviceaccount:apins:robot',
      expected: {
        prints: [
          'exit 1',
          'stderr: Error from server (Forbidden): secrets is forbidden: User "system:serviceaccount:apins:robot" cannot list resource "secrets" in API group "" in the namespace "apins"',
        ],
      },
    },
    {
      command: 'kubectl get pods -l app=d1 -o name --as=system:serviceaccount:apins:robot | head -1',
      prepare: 'sh order-d1',
      expected: { prints: ['pod/d1-56vxv'] },
    },
    {
      command: 'kubectl get pods --token=nonsense --kubeconfig=no-credentials',
      expected: { prints: ['exit 1', 'stderr: error: stat no-credentials: no such file or directory'] },
    },
  ],
}
