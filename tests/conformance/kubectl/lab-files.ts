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

/** As the DaemonSet controller makes them; `OWNER` stands for the uid of d1. */
function ownedByD1(more: Record<string, unknown> = {}): Record<string, unknown> {
  const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd1', uid: 'OWNER', controller: true }
  return { ownerReferences: [{ ...owner, blockOwnerDeletion: true }], ...more }
}

function daemonPod(name: string, node: string): unknown {
  const labels = { app: 'd1', 'controller-revision-hash': '697d799b96', 'pod-template-generation': '2' }
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }]
  const required = { nodeSelectorTerms: [{ matchFields }] }
  const tolerations = [
    ...['not-ready', 'unreachable'].map((key) => ({ key, effect: 'NoExecute' })),
    ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((key) => ({
      key,
      effect: 'NoSchedule',
    })),
  ].map(({ key, effect }) => ({ effect, key: `node.kubernetes.io/${key}`, operator: 'Exists' }))
  return pod(name, ownedByD1({ labels, generateName: 'd1-' }), {
    nodeName: node,
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    tolerations,
    containers: [{ name: 'c', image: IMAGE, command: ['sh', '-c', 'echo hello2; sleep 3600'] }],
  })
}

function revision(name: string, number: number, line: string): unknown {
  const container = { name: 'c', image: IMAGE, command: ['sh', '-c', `echo ${line}; sleep 3600`] }
  const template = {
    $patch: 'replace',
    metadata: { labels: { app: 'd1' } },
    spec: { terminationGracePeriodSeconds: 2, containers: [container] },
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name, namespace: 'apins', ...ownedByD1({ labels: { app: 'd1' } }) },
    revision: number,
    data: { spec: { template } },
  }
}

function list(...items: unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

const D1_NUMBERS = {
  currentNumberScheduled: 2,
  desiredNumberScheduled: 2,
  numberAvailable: 2,
  numberMisscheduled: 0,
  numberReady: 2,
  updatedNumberScheduled: 2,
}

/** Does what a DaemonSet controller does for d1: pods, revisions, and a status that has seen the newest spec. */
const CONTROL_D1 = `set -e
uid=$(kubectl get ds d1 -o jsonpath='{.metadata.uid}')
sed "s/OWNER/$uid/g" d1-objects.yaml | kubectl apply --server-side -f - >/dev/null
kubectl wait --for=condition=Ready pod -l app=d1 --timeout=50s >/dev/null
generation=$(kubectl get ds d1 -o jsonpath='{.metadata.generation}')
kubectl patch ds d1 --subresource=status --type=merge \\
  -p "{\\"status\\":$(echo '${JSON.stringify(D1_NUMBERS)}' | sed "s/^{/{\\"observedGeneration\\":$generation,/")}"
`

const MIRROR_UID = "kubectl get pod web-node01 -n default -o jsonpath='{.metadata.uid}'"

export const LAB_FILES: Readonly<Record<string, string>> = {
  'd1.yaml': recordedInput('06-apply-daemonset-changed'),
  'control-d1': CONTROL_D1,
  'remember-mirror': `${MIRROR_UID} > uid`,
  'mirror-is-back': `for try in $(seq 300); do
  uid=$(${MIRROR_UID} 2>/dev/null) && [ "$uid" != "$(cat uid)" ] && exit
  sleep 0.1
done
exit 1`,
  'd1-objects.yaml': list(
    daemonPod('d1-56vxv', 'node02'),
    daemonPod('d1-jd59k', 'node01'),
    revision('d1-77f6685d94', 1, 'hello'),
    revision('d1-697d799b96', 2, 'hello2'),
  ),
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
        spec: { containers: [{ name: 'c', image: IMAGE, command: ['sleep', '1'] }] },
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
