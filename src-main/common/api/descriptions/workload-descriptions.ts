/** Descriptions of the kinds that make Pods: DaemonSet, Deployment, ReplicaSet, ControllerRevision. */
import { CONDITION_FIELDS } from './pod-descriptions.ts'
import type { TypeDescriptions } from './type-descriptions.ts'

const SPEC = 'What is wanted.'
const STATUS = 'What has become of it. The controller writes this.'
const SELECTOR = 'Labels of the Pods that belong to it. They have to be in the template, and cannot be changed.'
const TEMPLATE = 'What new Pods look like.'
const MIN_READY = 'Seconds for which a new Pod has to be ready before it counts as available.'
const HISTORY = 'How many old revisions are kept to go back to. The default is 10.'
const COLLISIONS = 'How often a name was taken already.'
const OBSERVED = 'The generation that this status is about.'

const ROLLING_UPDATE = {
  maxUnavailable: 'How many Pods may be missing during an update, as a number or a percentage.',
  maxSurge: 'How many Pods there may be beyond the wanted number during an update, as a number or a percentage.',
}

export const WORKLOAD_DESCRIPTIONS: TypeDescriptions = {
  DaemonSet: { '': 'Runs one Pod on every node that fits.', spec: SPEC, status: STATUS },
  DaemonSetSpec: {
    '': 'What is wanted of a DaemonSet.',
    selector: SELECTOR,
    template: `${TEMPLATE} Its node selector and affinity say on which nodes.`,
    updateStrategy: 'How Pods are replaced when the template changes.',
    minReadySeconds: MIN_READY,
    revisionHistoryLimit: HISTORY,
  },
  DaemonSetUpdateStrategy: {
    '': 'How the Pods of a DaemonSet are replaced.',
    type: 'RollingUpdate (the default) replaces them itself, OnDelete waits until somebody deletes them.',
    rollingUpdate: 'How fast a rolling update goes.',
  },
  RollingUpdateDaemonSet: ROLLING_UPDATE,
  DaemonSetStatus: {
    '': 'What has become of a DaemonSet.',
    currentNumberScheduled: 'Nodes that have a Pod and should.',
    numberMisscheduled: 'Nodes that have a Pod and should not.',
    desiredNumberScheduled: 'Nodes that should have a Pod.',
    numberReady: 'Nodes whose Pod is ready.',
    observedGeneration: OBSERVED,
    updatedNumberScheduled: 'Nodes whose Pod is made of the newest template.',
    numberAvailable: 'Nodes whose Pod has been ready long enough.',
    numberUnavailable: 'Nodes that should have such a Pod and have none.',
    collisionCount: COLLISIONS,
    conditions: 'What is true of the DaemonSet.',
  },
  DaemonSetCondition: CONDITION_FIELDS,
  Deployment: {
    '': 'Keeps a number of equal Pods running, and replaces them step by step.',
    spec: SPEC,
    status: STATUS,
  },
  DeploymentSpec: {
    '': 'What is wanted of a Deployment.',
    replicas: 'How many Pods. The default is 1.',
    selector: SELECTOR,
    template: TEMPLATE,
    strategy: 'How Pods are replaced when the template changes.',
    minReadySeconds: MIN_READY,
    revisionHistoryLimit: HISTORY,
    paused: 'Whether changes of the template wait.',
    progressDeadlineSeconds: 'Seconds after which an update without progress counts as failed. The default is 600.',
  },
  DeploymentStrategy: {
    '': 'How the Pods of a Deployment are replaced.',
    type: 'RollingUpdate (the default), or Recreate: first all old Pods go, then new ones come.',
    rollingUpdate: 'How fast a rolling update goes.',
  },
  RollingUpdateDeployment: ROLLING_UPDATE,
  DeploymentStatus: {
    '': 'What has become of a Deployment.',
    observedGeneration: OBSERVED,
    replicas: 'Pods that there are.',
    updatedReplicas: 'Pods of the newest template.',
    readyReplicas: 'Pods that are ready.',
    availableReplicas: 'Pods that have been ready long enough.',
    unavailableReplicas: 'Pods that are still missing.',
    terminatingReplicas: 'Pods that are on their way out.',
    conditions: 'What is true of the Deployment, such as Available or Progressing.',
    collisionCount: COLLISIONS,
  },
  DeploymentCondition: { ...CONDITION_FIELDS, lastUpdateTime: 'When the condition was last written.' },
  ReplicaSet: { '': 'Keeps a number of equal Pods running.', spec: SPEC, status: STATUS },
  ReplicaSetSpec: {
    '': 'What is wanted of a ReplicaSet.',
    replicas: 'How many Pods. The default is 1.',
    selector: SELECTOR,
    template: TEMPLATE,
    minReadySeconds: MIN_READY,
  },
  ReplicaSetStatus: {
    '': 'What has become of a ReplicaSet.',
    replicas: 'Pods that there are.',
    fullyLabeledReplicas: 'Pods that have all labels of the template.',
    readyReplicas: 'Pods that are ready.',
    availableReplicas: 'Pods that have been ready long enough.',
    terminatingReplicas: 'Pods that are on their way out.',
    observedGeneration: OBSERVED,
    conditions: 'What is true of the ReplicaSet.',
  },
  ReplicaSetCondition: CONDITION_FIELDS,
  PodTemplateSpec: {
    '': 'What new Pods look like.',
    metadata: 'Labels and annotations that each Pod gets.',
    spec: 'What is wanted of each Pod.',
  },
  LabelSelector: {
    '': 'Which labels an object has to have. All parts have to fit.',
    matchLabels: 'Labels with their values.',
    matchExpressions: 'Rules for labels.',
  },
  LabelSelectorRequirement: {
    key: 'Name of the label.',
    operator: 'In, NotIn, Exists or DoesNotExist.',
    values: 'Values for In and NotIn.',
  },
  ControllerRevision: {
    '': 'An earlier state of a DaemonSet, to go back to.',
    data: 'The state.',
    revision: 'Its number; the newest is the largest.',
  },
}
