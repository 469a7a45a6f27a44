/** What lies in the folder where the commands are typed: pods that the recordings name, and a few of our own. */
import { recordedInput } from './recordings.ts'

const IMAGE = 'busybox:1.36'

/** Prints its line and runs until it is told to stop. */
function speak(line: string): string[] {
  return ['sh', '-c', `trap 'exit 0' TERM; echo ${line}; while :; do sleep 3600 & wait $!; done`]
}

function pod(name: string, metadata: Record<string, unknown>, spec: Record<string, unknown>): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'apins', ...metadata },
    spec: { terminationGracePeriodSeconds: 2, ...spec },
  }
}

function list(...items: unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

/** Makes both pods anew until their names come in the recorded order, which chance decides. */
const ORDER_D1 = `set -e
kubectl rollout status ds/d1 >/dev/null
on() { kubectl get pods -l app=d1 --field-selector spec.nodeName=$1 -o name; }
for try in $(seq 40); do
  [ "$( (on node02; on node01) | sort | head -1)" = "$(on node02)" ] && exit
  kubectl delete $(on node01) $(on node02) --force --grace-period=0 2>/dev/null
  for wait in $(seq 100); do [ -n "$(on node01)" ] && [ -n "$(on node02)" ] && break; sleep 0.1; done
  kubectl rollout status ds/d1 >/dev/null
done
exit 1
`

const MIRROR_UID = "kubectl get pod web-node01 -n default -o jsonpath='{.metadata.uid}'"

export const LAB_FILES: Readonly<Record<string, string>> = {
  'd1.yaml': recordedInput('06-apply-daemonset-changed'),
  'order-d1': ORDER_D1,
  'site.yaml': JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'site', namespace: 'apins', labels: { app: 'site' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'site' } },
      template: {
        metadata: { labels: { app: 'site' } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: IMAGE, command: speak('site') }] },
      },
    },
  }),
  'remember-mirror': `${MIRROR_UID} > uid`,
  'mirror-is-back': `for try in $(seq 300); do
  uid=$(${MIRROR_UID} 2>/dev/null) && [ "$uid" != "$(cat uid)" ] && exit
  sleep 0.1
done
exit 1`,
  'two.yaml': list(
    pod(
      'two',
      {},
      {
        nodeName: 'node01',
        containers: [
          { name: 'main', image: IMAGE, command: speak('main speaks') },
          {
            name: 'other',
            image: IMAGE,
            command: ['sh', '-c', 'echo other speaks; [ -e /state/ran ] && exec sleep 3600; touch /state/ran'],
            volumeMounts: [{ name: 'state', mountPath: '/state' }],
          },
        ],
        volumes: [{ name: 'state', emptyDir: {} }],
      },
    ),
  ),
  'unscheduled.yaml': list(
    pod(
      'unscheduled',
      {},
      { nodeSelector: { nosuch: 'label' }, containers: [{ name: 'c', image: IMAGE, command: ['true'] }] },
    ),
  ),
  'reader.yaml': list(
    pod('reader', {}, { nodeName: 'node01', containers: [{ name: 'c', image: IMAGE, command: ['cat'], stdin: true }] }),
  ),
  'd2-other.yaml': JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'd2', namespace: 'apins' },
    spec: {
      selector: { matchLabels: { app: 'd2' } },
      template: {
        metadata: { labels: { app: 'd2' } },
        spec: { containers: [{ name: 'c', image: IMAGE, command: ['sleep', '3600'] }] },
      },
    },
  }),
}

/** A name in capitals, and two containers of one name. */
export const INVALID_POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: Upper}\nspec: {containers: [{name: c, image: x}, {name: c, image: x}]}\n'

/** For the manifest folder of node01. */
export const STATIC_POD = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: IMAGE, command: ['sleep', '3600'] }] },
})
