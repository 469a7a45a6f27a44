/** Descriptions of where Pods go, and of further rights of containers. */
import type { TypeDescriptions } from './type-descriptions.ts'

const REQUIRED = 'Rules that a place must fit.'
const PREFERRED = 'Rules that a place should fit; the one that fits most is taken.'

const PROFILE = {
  type: "RuntimeDefault, Unconfined, or Localhost for a file of the node's.",
  localhostProfile: 'The file, for Localhost.',
}

export const PLACEMENT_DESCRIPTIONS: TypeDescriptions = {
  Affinity: {
    '': 'Rules on where a Pod may run.',
    nodeAffinity: 'Rules on nodes.',
    podAffinity: 'Pods that it wants to be near.',
    podAntiAffinity: 'Pods that it wants to be far from.',
  },
  NodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: REQUIRED,
    preferredDuringSchedulingIgnoredDuringExecution: PREFERRED,
  },
  NodeSelector: { nodeSelectorTerms: 'Rules of which one has to fit.' },
  NodeSelectorTerm: {
    '': 'A rule on nodes. All parts have to fit.',
    matchExpressions: 'Rules on labels.',
    matchFields: 'Rules on fields; metadata.name is the only one.',
  },
  NodeSelectorRequirement: {
    key: 'Name of the label or field.',
    operator: 'In, NotIn, Exists, DoesNotExist, Gt or Lt.',
    values: 'Values for the operator.',
  },
  PreferredSchedulingTerm: { weight: 'How much it counts, from 1 to 100.', preference: 'The rule.' },
  PodAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: REQUIRED,
    preferredDuringSchedulingIgnoredDuringExecution: PREFERRED,
  },
  PodAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: REQUIRED,
    preferredDuringSchedulingIgnoredDuringExecution: PREFERRED,
  },
  PodAffinityTerm: {
    '': 'Other Pods, and what counts as near.',
    labelSelector: 'Labels of the other Pods.',
    namespaces: 'Namespaces of the other Pods; its own when absent.',
    namespaceSelector: 'Labels of namespaces of the other Pods.',
    topologyKey: 'Label of nodes: nodes with the same value are one place.',
    matchLabelKeys: 'Labels of the Pod itself that the others must have with the same value.',
    mismatchLabelKeys: 'Labels of the Pod itself that the others must have with another value.',
  },
  WeightedPodAffinityTerm: { weight: 'How much it counts, from 1 to 100.', podAffinityTerm: 'The rule.' },
  TopologySpreadConstraint: {
    '': 'How evenly Pods are spread.',
    maxSkew: 'By how many Pods two places may differ.',
    topologyKey: 'Label of nodes: nodes with the same value are one place.',
    whenUnsatisfiable: 'Whether a Pod that does not fit waits (DoNotSchedule) or is placed all the same.',
    labelSelector: 'Labels of the Pods that are counted.',
    minDomains: 'How many places there must be at least.',
    nodeAffinityPolicy: 'Whether nodes that the Pod does not want are counted.',
    nodeTaintsPolicy: 'Whether nodes with taints are counted.',
    matchLabelKeys: 'Labels of the Pod itself that are added to the selector.',
  },
  PodDNSConfig: {
    '': 'How names are resolved.',
    nameservers: 'Addresses of name servers.',
    searches: 'Domains in which short names are looked for.',
    options: 'Settings of the resolver.',
  },
  PodDNSConfigOption: { name: 'Name of the setting.', value: 'Its value.' },
  PodOS: { name: 'linux or windows.' },
  PodSchedulingGate: { name: 'Name of the gate.' },
  PodResourceClaim: {
    name: 'Name by which containers use the claim.',
    resourceClaimName: 'Name of the claim.',
    resourceClaimTemplateName: 'Name of the template that a claim is made of.',
  },
  Sysctl: { name: 'Name of the setting.', value: 'Its value.' },
  SeccompProfile: { '': 'Which system calls may be made.', ...PROFILE },
  AppArmorProfile: { '': 'An AppArmor profile.', ...PROFILE },
  SELinuxOptions: { user: 'User.', role: 'Role.', type: 'Type.', level: 'Level.' },
  ResourceClaim: { name: 'Name of a claim of the Pod.', request: 'The part of the claim that is used.' },
  PodIP: { ip: 'An address.' },
  HostIP: { ip: 'An address.' },
  VolumeMountStatus: {
    name: 'Name of the volume.',
    mountPath: 'Where it is mounted.',
    readOnly: 'Whether it may only be read.',
    recursiveReadOnly: 'Whether mounts inside it may only be read.',
  },
  ContainerUser: { linux: 'The user on Linux.' },
  LinuxContainerUser: {
    uid: 'Number of the user.',
    gid: 'Number of its group.',
    supplementalGroups: 'Numbers of further groups.',
  },
}
