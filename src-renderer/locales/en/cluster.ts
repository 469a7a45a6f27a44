/** What the API server has: mirrors, origins, objects, events. */
export const cluster = {
  origin: {
    title: 'Where it comes from',
    madeBy: 'Made by',
    boundBy: 'Node given by',
    evidence: 'Evidence',
    noEvidence: 'Nothing of it tells.',
    maker: {
      kubelet: 'the kubelet, from a file',
      hand: 'a person or a program, in the API server',
      owner: '{kind} {name}',
    },
    binder: {
      kubelet: {
        who: 'the kubelet',
        how: 'A static pod runs where its file lies. The kube-scheduler sees its mirror only, as a pod that has a node already.',
      },
      'scheduler-pinned': {
        who: 'the kube-scheduler',
        how: 'The DaemonSet controller made it for {node}, by a node affinity; the scheduler had no other choice (since Kubernetes 1.12).',
      },
      controller: {
        who: 'the DaemonSet controller',
        how: 'It wrote spec.nodeName itself, as up to Kubernetes 1.11; the kube-scheduler has never handled this pod.',
      },
      scheduler: { who: 'the kube-scheduler', how: 'It chose {node} among all nodes that fit.' },
      given: {
        who: 'the kube-scheduler, or whoever made it',
        how: 'The event that would tell is not there (any more): events are kept for an hour.',
      },
      waiting: { who: 'nobody yet', how: 'The kube-scheduler has found no node for it, or does not run.' },
      'waiting-pinned': {
        who: 'nobody yet',
        how: 'It may run on one node only, which its affinity names. The kube-scheduler has not bound it there, or does not run.',
      },
    },
  },
  reflection: {
    openMirror: 'Open the mirror {pod}',
    openPod: 'Open the API’s pod {pod}',
    noFile: 'file not known',
    byHand: 'made by hand',
    unscheduled: 'no node yet',
    fromApi: 'No file: the kubelet runs it because the API server says so.',
  },
  mirror: {
    title: 'A mirror pod: the reflection of a static pod',
    lead: 'The kubelet on {node} runs the pod from {file}, and shows it to the API server as this object.',
    leadNoFile:
      'The kubelet on {node} runs the pod from a manifest of its own, and shows it to the API server as this object.',
    body: 'Look at it, read its logs, select it by its labels: all that works. But the file decides what runs; this object decides nothing.',
    delete: 'Delete',
    edit: 'Edit',
    openFile: 'Open {file}',
    away: 'While the API server is away, nothing can be deleted there.',
    editing: {
      title: 'An edit here does not reach the container',
      taken: 'The API server takes changes of these fields, as of any pod:',
      refused: 'It refuses the rest, for example:',
      effect:
        'What it takes stays written on the mirror, and nothing happens: the kubelet on {node} reads its file, not the mirror. It does not even put it right; the next edit of the file brings a new mirror.',
      way: 'The way of a change',
      container: 'kubelet → container',
      mirror: 'mirror pod',
    },
  },
  apiPod: {
    title: 'A pod of the API server',
    body: 'It was made in the API server and bound to {node}; the kubelet there runs it for as long as this object exists.',
    unscheduled:
      'It was made in the API server, but no node has been chosen for it. That is the work of the kube-scheduler.',
    delete: 'Delete',
    fate: {
      none: 'It has no owner: once deleted, nobody makes it again.',
      owner: '{kind} {name} owns it: after a delete it makes another one, as long as the kube-controller-manager runs.',
      job: '{kind} {name} owns it: unless its work is done, a delete is followed by another pod.',
    },
  },
  apiObject: {
    title: 'What the API server has',
    namespace: 'Namespace',
    owner: 'Owner',
    noOwner: 'none',
    resourceVersion: 'resourceVersion',
    age: 'Age of this object',
    conditions: 'Conditions',
    noConditions: 'None reported yet.',
    labels: 'Labels',
    annotations: 'Annotations',
    none: 'none',
  },
  nodeObject: {
    label: 'What the API server says of this node',
    none: 'API server: not registered',
    ready: {
      True: 'API server: Ready',
      False: 'API server: NotReady',
      Unknown: 'API server: NotReady',
    },
    why: {
      True: '',
      False: 'Its kubelet says that it is not ready. New pods stay away.',
      Unknown:
        'The kubelet has not reported for so long that the node controller calls the node unreachable. Pods are listed as before, but not ready; ordinary ones are deleted when their toleration ends (300 s). Those of DaemonSets and static pods stay.',
    },
    taint: {
      'not-ready': 'The node controller sets it while the node is not ready.',
      unreachable: 'The node controller sets it while the kubelet does not report.',
      unschedulable: 'The node controller sets it on a cordoned node. Pods of DaemonSets tolerate it.',
      'control-plane': 'kubeadm sets it, so that only what tolerates it runs beside the control plane.',
      'memory-pressure': 'The kubelet runs short of memory.',
      'disk-pressure': 'The kubelet runs short of disk space.',
      'pid-pressure': 'The kubelet runs short of process IDs.',
    },
    listed: 'What the API server still lists here',
    listedHint: 'As it was told last. Whether it is still so, only the kubelet could say.',
    readyTitle: 'The Node object’s Ready condition',
    cordoned: 'gets no new pods',
    cordonedTitle:
      'spec.unschedulable (kubectl cordon). Static pods do not ask, and pods of DaemonSets tolerate it: both start all the same.',
    effect: {
      NoSchedule: 'keeps new pods away',
      PreferNoSchedule: 'is avoided by new pods',
      NoExecute: 'drives pods away',
    },
    lastKnown: 'as known last',
  },
}
