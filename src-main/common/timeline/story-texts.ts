/**
 * The sentences of a pod's story, and the words for causes and for what people do, in English; other languages translate by the
 * same names. `{name}` is filled in; some stand for parts of a sentence that may be empty, which bring their own separator.
 */
import type { TimelineCause } from '../lab/timeline-entry.ts'
import type { UserActionKind } from '../lab/user-action.ts'

export const STORY_SENTENCES = {
  kubeletStarted: 'The kubelet of {node} was started.',
  kubeletStopping: 'The kubelet of {node} was stopped; containers run on without it.',
  nodeBooted: '{node} was started; containers of its life before are gone, and its kubelet makes them anew.',
  fileAdded: '{file} was added to the manifest folder of {node}; the kubelet accepted it as pod {pod}.',
  fileChanged:
    '{file} was edited; the kubelet accepted it as pod {pod}, with another uid: the old pod ends, a new one is made.',
  fileFound: '{file} lies in the manifest folder of {node}; the kubelet accepted it as pod {pod}.',
  fileRejected: 'The kubelet does not take {file}: {message}',
  fileGone: '{file} was removed from the manifest folder of {node}.',
  podAdded: 'The kubelet takes up pod {pod}.',
  podRemoved: 'The kubelet ends the pod{because}.',
  podGone: 'The pod is gone.',
  phase: 'The pod is {phase}.',
  sandboxStarted: 'Its sandbox was started, with the address {address}.',
  sandboxDied: 'Its sandbox has died, and all containers in it.',
  sandboxChanged: 'The kubelet ends what is left of the pod and makes another sandbox.',
  imageThere: 'The image {image} is there.',
  imagePulling: 'The image {image} is being pulled.',
  started: 'The container {container} was started.',
  startedAgain: 'The container {container} was started again (restart {restart}){because}.',
  ended: 'The container {container} ended with {exit}{after}.',
  endedAtOnce:
    'The container {container} ended with {exit}{after}; the kubelet starts it again at once (restart {restart}).',
  endedWaiting:
    'The container {container} ended with {exit}{after}; the kubelet waits {delay} and starts it again (restart {restart}).',
  waiting: 'The kubelet waits {delay} before it starts the container {container} again (restart {restart}).',
  stopping: 'The kubelet stops the container {container}{because}; it has {grace} to end.',
  probeFailed: 'The container {container}: {message}',
  probeFailedOften: 'The container {container}, {count} times in a row: {message}',
  folded: '… {count} more times{apart} until {until} (restarts {first} to {last}).',
  other: '{reason}: {message}',
  action: 'You {action}{about}.',
} as const

export type StorySentence = keyof typeof STORY_SENTENCES

/** Parts of sentences; each begins with what separates it. */
export const STORY_PARTS = {
  after: ' after {duration}',
  apart: ', about {duration} apart',
  because: ', because {cause}',
  about: ': {subject}',
  exitCode: 'exit code {code}',
  exitSignal: 'exit code {code} ({signal})',
  exitReason: 'exit code {code} ({reason})',
} as const

/** What follows `because`. */
export const STORY_CAUSES = {
  FileAdded: 'a file was added',
  FileChanged: 'its file was changed',
  FileRemoved: 'its file was removed',
  ContainerExited: 'the container had ended',
  BackOffExpired: 'the back-off was over',
  SandboxChanged: 'the pod’s sandbox had changed',
  ProbeFailed: 'a probe failed',
  KubeletStarted: 'the kubelet had started',
  DeadlineExceeded: 'its deadline was over',
} as const satisfies Record<TimelineCause, string>

/** What a person did, after `You`. */
export const ACTION_WORDS = {
  ManifestAdded: 'added a manifest',
  ManifestReplaced: 'replaced a manifest',
  ManifestRemoved: 'removed a manifest',
  ContainerCrashed: 'crashed a container',
  KubeletStopped: 'stopped the kubelet',
  KubeletStarted: 'started the kubelet',
  KubeletRestarted: 'restarted the kubelet',
  NodeAdded: 'added a node',
  NodeRemoved: 'removed a node',
  NodeStopped: 'stopped a node',
  NodeStarted: 'started a node',
  NodePoweredOff: 'cut a node’s power',
  NodeCordoned: 'made a node take no new pods',
  NodeUncordoned: 'let a node take new pods again',
  NodeDrained: 'drained a node',
  NodeSettingsChanged: 'changed settings of a node',
  ControlPlaneAdded: 'added a control plane',
  ComponentStopped: 'stopped a component',
  ComponentStarted: 'started a component',
  ApiPodDeleted: 'deleted a pod through the API',
  SchedulingChanged: 'changed who schedules DaemonSets',
  LabStarted: 'started the lab',
  LabStopped: 'stopped the lab',
} as const satisfies Record<UserActionKind, string>
