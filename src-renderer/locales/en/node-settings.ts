/** The sheet with the settings of one node. */
export const nodeSettings = {
  nodeSettings: {
    menu: 'Settings…',
    command: 'Settings of {node}',
    title: 'Settings of {node}',
    description:
      'Lines in two files of the node’s kubelet, which reads them when it starts. You could write them yourself, in a shell on the node.',
    reading: 'Reading the files of {node}…',
    name: {
      maxPods: 'Max pods',
      staticPodPath: 'Static pod path',
      systemReserved: 'System reserved',
      taints: 'Taints',
      labels: 'Labels',
    },
    about: {
      maxPods: 'How many pods the kubelet runs at most.',
      staticPodPath: 'The folder, or the one file, from which it reads static pods.',
      systemReserved: 'What pods may not ask for, because the system needs it.',
      taints: 'What the Node object is registered with: pods that do not tolerate it stay away.',
      labels: 'What the Node object is registered with, besides the labels that every node has.',
    },
    default: 'Default: {value}',
    defaultOf: {
      maxPods: '110',
      staticPodPath: 'none, no static pods',
      systemReserved: 'nothing',
      taints: 'none',
      labels: 'none of its own',
    },
    /** Of a value that was changed. */
    before: 'In the file: {value}',
    notInFile: 'Not in the file',
    example: 'such as {value}',
    reset: 'Use the default',
    resetOf: 'Use the default for {name}',
    putBack: 'Put back',
    putBackOf: 'Put back {name}',
    usual: 'As kubeadm has it',
    overridden: 'The kubelet was started with {flag}. The flag wins: what stands here does not count.',
    fault: {
      maxPods: 'A whole number from 0 to 99999.',
      staticPodPath: 'An absolute path on the node, such as {example}.',
      reservedResource: 'There is no “{resource}” to reserve. There is {known}, each as name=amount.',
      reservedAmount: '“{amount}” is no amount. Write something like 100m or 64Mi.',
      taints: 'Write key=value:Effect, with commas between several. Effects: {effects}.',
      label: '“{label}” cannot be a label: {detail}',
    },
    effect: {
      maxPodsZero: '0 counts as not set: 110.',
      admission:
        'When the kubelet has started, it admits all pods anew. One that does not fit any more is refused, and its containers end.',
      admissionOfMore: 'When the kubelet has started, it admits all pods anew, also those that had no place before.',
      folderRead: 'What lies in {folder} on the node runs. A folder that is missing can be made later.',
      folderNone: 'The kubelet reads no folder: files that are dropped onto this node do nothing.',
      folderLeft: 'Pods from {folder} end. Their files stay there.',
      folderLeftWithControlPlane:
        'Pods from {folder} end: here that is the control plane with its API server. Their files stay there.',
      reserved:
        'So much less is Allocatable on the node. It is a sum only: nothing is held back from running containers.',
      reservedNone: 'Allocatable on the node grows by as much.',
      taintsAlone: 'Nothing for now: without an API server there is no Node object to bear them.',
      taintsRegistered:
        'Only when the node registers. The Node object that is there keeps its taints: change those with kubectl taint nodes {node} …',
      labelsAlone:
        'The kubelet compares them with nodeSelector and node affinity of each pod. One that does not match any more is refused, and its containers end.',
      labelsRegistered:
        'Only when the node registers. The Node object that is there keeps its labels, and the kubelet goes by those: change them with kubectl label nodes {node} …',
    },
    summary: {
      unchanged: 'Nothing is changed yet.',
      faulty: 'First mend what is marked.',
      ready: 'The kubelet restarts once. Containers run on meanwhile.',
      kubeletOff: 'The kubelet is started. Containers run on meanwhile.',
    },
    apply: { ready: 'Apply and restart the kubelet', kubeletOff: 'Apply and start the kubelet' },
    applied: 'Settings of {node} were changed: {names}',
    appliedDetail: 'Its kubelet runs with them.',
    failed: 'The settings of {node} could not be changed',
    afterFailure: 'The fields show what the files say now.',
    state: {
      off: 'The node is off. Its files can be read, but not changed before it runs.',
      changing: 'The node is starting or stopping. Its settings can be changed when it runs.',
      kubeletOff: 'The kubelet does not run. Changes are written, and the kubelet is started with them.',
      kubeletSilent: 'The kubelet does not answer. Changes are written, and the kubelet is restarted with them.',
      removed: 'The node {node} is gone, and its files with it.',
      noDisk: '{node} was never started: it has no disk yet, and so no files.',
      unread: 'The settings of {node} cannot be read',
    },
    start: 'Start {node}',
    startLab: 'Start the lab',
    retry: 'Read again',
    shell: 'Open a shell on {node}',
  },
}
