/** What was seen of one side while an experiment ran: what its CEL is evaluated over. Plain data. */
import type { Time } from '../api/meta.ts'
import type { TimelineEntry } from '../lab/timeline-entry.ts'
import type { SideName } from './experiment.ts'

/** An agent's pod as its kubelet and the API server told it in one moment. */
export interface PodLook {
  kind: 'pod'
  time: Time
  name: string
  namespace: string
  /** Empty while it has none. */
  node: string
  /** Of the kubelet's pod: it stays when the mirror is made anew. */
  uid: string
  phase: string
  /** As in kubectl's column STATUS. */
  status: string
  ready: boolean
  /** Whether its container runs by the engine's account, also while nobody can be asked. */
  running: boolean
  restarts: number
  /** Of the agent's container; empty before there is one. */
  containerId: string
  image: string
  /** `AGENT_EDITION` of its spec; empty without. */
  edition: string
  /** Whether its kubelet has it. */
  inKubelet: boolean
  /** Whether the API server has it. While that is away: what was known last. */
  inApi: boolean
  mirror: boolean
  /** Of the object at the API server: another object has another one. */
  apiUid: string
  resourceVersion: string
  /** Such as `Node/node01` or `DaemonSet/agent`; empty without. */
  owner: string
  /** Who wrote the object, by its managed fields, or else its owner's kind: `kubelet`, `kube-controller-manager`. */
  madeBy: string
  deleting: boolean
}

/** Where the agent is defined, in one moment. */
export interface DefinitionLook {
  kind: 'definition'
  time: Time
  /** `file` for a static pod, else the object's kind. */
  what: 'file' | 'DaemonSet' | 'Deployment'
  /** `/etc/kubernetes/manifests/agent.yaml on node01, node02`, or `daemonset.apps/agent in namespace compare`. */
  where: string
  present: boolean
  /** Of files that differ, all that there are. */
  image: string
  /** 0 for files. */
  generation: number
  /** Of files a hash of their content. */
  resourceVersion: string
  /** Desired pods by its status; nodes with the file for a static pod. */
  desired: number
  /** ControllerRevisions, ReplicaSets; 0 for files. */
  revisions: number
}

export interface SideLook {
  time: Time
  apiServer: 'ready' | 'away'
  definition: DefinitionLook
  pods: PodLook[]
}

/** An event of the API server about a pod or the definition of the side. */
export interface EventLook {
  kind: 'event'
  time: Time
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** `Pod/agent-x7k2p`. */
  about: string
  /** Component that told it: `kubelet`, `daemonset-controller`, `default-scheduler`. */
  source: string
}

/** A line of a node's timeline about a pod of the side. */
export type TimelineLook = TimelineEntry & { kind: 'timeline' }

/** What came of an action on this side. */
export interface ActionLook {
  kind: 'action'
  time: Time
  /** The action's kind; `wait` for a step that waited in vain on this side. */
  act: string
  ok: boolean
  /** What was said: `pod "agent-x7k2p" deleted`, or why not. */
  message: string
}

/** What an observation may name, in CEL by these names. */
export interface SideRecord {
  side: SideName
  /** The node that things are done to. */
  target: string
  /** All workers at the end. */
  workers: string[]
  before: SideLook
  /** The present while it runs; the last look afterwards. */
  now: SideLook
  looks: Record<string, SideLook>
  events: EventLook[]
  timeline: TimelineLook[]
  actions: ActionLook[]
  /** Static pods of the control plane and other DaemonSets of the lab, by name: what each way is used for here. */
  usedFor: string[]
}

export type Evidence = PodLook | DefinitionLook | EventLook | TimelineLook | ActionLook
