/**
 * An experiment: the same thing done to the same small agent as a static pod, as a DaemonSet and, if asked for, as a Deployment.
 * Plain data, read from `resources/experiments/NAME.yaml`. What is looked for is written in CEL (Common Expression Language).
 */

/** Words for people, in each language of the app. */
export interface LocalText {
  en: string
  ko: string
}

/** How the agent was made. */
export type SideName = 'static' | 'daemonSet' | 'deployment'

/** In the order in which they stand side by side. */
export const SIDE_NAMES: readonly SideName[] = ['static', 'daemonSet', 'deployment']

/** What a question about one side is answered with. */
export type Answer = boolean | number | string

/** A guess to choose before the experiment runs. */
export interface Hypothesis {
  /** Such as `both-come-back`. */
  name: string
  text: LocalText
  /** CEL over the answers, `static.NAME` and `daemonSet.NAME`: whether the guess was right. */
  holds: string
}

/** A question that is answered for each side by what was seen. */
export interface Observation {
  /** Such as `same-pod`; in CEL its hyphens are underscores. */
  name: string
  text: LocalText
  /** CEL over what was seen of one side (`SideRecord`): a boolean, a number or a string. */
  value: string
  /** CEL over the same: a list of events, timeline entries, pods or definitions that show it. */
  evidence: string
  /** What Kubernetes is known to do. An answer that differs is told as such; without an entry, any answer will do. */
  expected: Partial<Record<SideName, Answer>>
  /** Where the expectation comes from, such as `facts 7.14; golden p2-daemonset/12`. */
  source: string
  /** Words for string answers, by answer. */
  words?: Record<string, LocalText>
  /** Row of the table that it fills. */
  row?: string
}

/** Which component of the control plane. */
export type ExperimentComponent = 'kube-apiserver' | 'kube-scheduler' | 'kube-controller-manager'

/**
 * What is done to the lab. `delete-pod` to `remove-definition` are done on each side; the others once for all, on the target node
 * or to the control plane. Each is undone at the end, in reverse order, if the experiment has not undone it itself.
 */
export type ExperimentAction =
  /** The agent's pod on the target node, as `kubectl delete pod`. */
  | { act: 'delete-pod' }
  /** SIGKILL to PID 1 of the agent's container on the target node. */
  | { act: 'crash-container' }
  /** An environment variable more, `AGENT_EDITION`: in the files, and as `kubectl apply`. */
  | { act: 'edit'; edition: string }
  /** Another image: in the files of all nodes, and as `kubectl set image`. */
  | { act: 'set-image'; image: string }
  /** The file as it was; `kubectl rollout undo`. */
  | { act: 'roll-back' }
  /** A ConfigMap is made, and the agent refers to it. */
  | { act: 'refer-to-config-map' }
  /** The files are removed; `kubectl delete`. */
  | { act: 'remove-definition' }
  /** The definitions are made anew, where they are not: what is started is new. */
  | { act: 'make-definition' }
  | { act: 'stop-component'; component: ExperimentComponent }
  | { act: 'start-component'; component: ExperimentComponent }
  /** A worker more; it becomes the target. */
  | { act: 'add-node' }
  | { act: 'stop-kubelet' }
  | { act: 'start-kubelet' }
  | { act: 'power-off' }
  | { act: 'power-on' }
  | { act: 'taint'; effect: 'NoSchedule' | 'NoExecute' }
  | { act: 'untaint' }
  | { act: 'cordon' }
  | { act: 'uncordon' }
  /** Only the agents' pods are evicted. */
  | { act: 'drain' }

export type ExperimentStep =
  | (ExperimentAction & { text: LocalText })
  /** Until the CEL holds of every side (it is evaluated for each), or the time is over: that is an answer too, no failure. */
  | { wait: string; atMostSeconds: number; text: LocalText }
  /** So long, whatever happens. */
  | { pauseSeconds: number; text: LocalText }
  /** What there is to see now is kept as `looks.NAME`. */
  | { look: string }

export interface Experiment {
  /** The file's name without `.yaml`. */
  name: string
  title: LocalText
  question: LocalText
  /** What to watch, and why it is worth seeing. */
  explanation: LocalText
  /** About how long it takes. */
  seconds: number
  /** Fewest workers; without so many it cannot be run. */
  workers: number
  hypotheses: Hypothesis[]
  steps: ExperimentStep[]
  observations: Observation[]
}

/** A row of the table of differences; its cells are filled by the observations that name it. */
export interface ComparisonRow {
  name: string
  title: LocalText
  /** What the words mean, where they mean more than one thing. */
  note?: LocalText
}
