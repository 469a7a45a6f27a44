/** What happens to mirror pods. */
import type { KubectlCaseGroup } from '../kubectl-case.ts'

export const MIRROR_CASES: KubectlCaseGroup = {
  title: 'Mirror pods',
  cases: [
    {
      command:
        'kubectl get pods -n kube-system etcd-controlplane -o jsonpath="{.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name}"',
      expected: { prints: ['Node/controlplane'] },
    },
    {
      given: 'a file in the manifest folder of node01 (node-lab apply web.yaml node01)',
      command: 'kubectl get pod web-node01 -n default',
      expected: { prints: ['NAME  READY  STATUS  RESTARTS  AGE', 'web-node01  1/1  Running  0  AGE'] },
    },
    { command: 'kubectl label pod web-node01 -n default q=1', expected: { prints: ['pod/web-node01 labeled'] } },
    {
      command: 'kubectl set image pod/web-node01 -n default main=bb:v2',
      expected: { prints: ['pod/web-node01 image updated'] },
      remark: 'Accepted, as on a real cluster, and without any effect on the container.',
    },
    {
      command: 'kubectl annotate pod web-node01 -n default kubernetes.io/config.mirror-',
      expected: {
        prints: [
          'exit 1',
          'stderr: The Pod "web-node01" is invalid: metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not remove or update mirror pod annotation',
        ],
      },
    },
    {
      prepare: 'sh remember-mirror',
      command: 'kubectl delete pod web-node01 -n default --wait=false',
      expected: { prints: ['pod "web-node01" deleted'] },
      remark: 'Without `--wait=false`, kubectl sometimes waits for ever: the new mirror is there before it looks.',
    },
    {
      given: 'the mirror has another uid now',
      prepare: 'sh mirror-is-back',
      command: 'kubectl get pod web-node01 -n default -o name',
      expected: { prints: ['pod/web-node01'] },
      remark: 'It is back at once, and the container was not touched.',
    },
    {
      prepare: 'sh remember-mirror',
      command: 'kubectl delete pod web-node01 -n default --force --grace-period=0 --wait=false',
      expected: {
        prints: [
          'pod "web-node01" force deleted',
          'stderr: Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
        ],
      },
    },
    {
      given: 'the mirror has another uid now',
      prepare: 'sh mirror-is-back',
      command: 'kubectl get pod web-node01 -n default -o name',
      expected: { prints: ['pod/web-node01'] },
      remark: 'Back at once as well; version 1.20 took more than a minute.',
    },
    {
      command: 'kubectl wait --for=condition=Ready pod/web-node01 -n default --timeout=20s',
      expected: { prints: ['pod/web-node01 condition met'] },
    },
    {
      command: "kubectl get pod web-node01 -n default -o jsonpath='{.status.containerStatuses[0].restartCount}'",
      expected: { prints: ['0'] },
    },
  ],
}
