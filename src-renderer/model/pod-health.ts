/** Which of the state colours and shapes stands for a STATUS word, and which plain sentence explains it. Pure. */

import type { Pod } from '@common/api/core.ts'

/** One colour and one shape each (styles/tokens.css, StateGlyph.vue). */
export type StateTone = 'waiting' | 'running' | 'back-off' | 'done' | 'ended' | 'failed'

/** Words that have a sentence of their own in the locales; every other word gets its tone's. */
export const EXPLAINED_STATUSES = [
  'Running',
  'NotReady',
  'Pending',
  'ContainerCreating',
  'PodInitializing',
  'Completed',
  'Succeeded',
  'CrashLoopBackOff',
  'Error',
  'OOMKilled',
  'Failed',
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'ContainerCannotRun',
  'DeadlineExceeded',
  'Terminating',
] as const
export type ExplainedStatus = (typeof EXPLAINED_STATUSES)[number]

const TONES: Record<ExplainedStatus, StateTone> = {
  Running: 'running',
  NotReady: 'waiting',
  Pending: 'waiting',
  ContainerCreating: 'waiting',
  PodInitializing: 'waiting',
  Completed: 'done',
  Succeeded: 'done',
  CrashLoopBackOff: 'back-off',
  Error: 'failed',
  OOMKilled: 'failed',
  Failed: 'failed',
  ErrImagePull: 'failed',
  ImagePullBackOff: 'back-off',
  ErrImageNeverPull: 'failed',
  InvalidImageName: 'failed',
  CreateContainerConfigError: 'failed',
  CreateContainerError: 'failed',
  RunContainerError: 'failed',
  ContainerCannotRun: 'failed',
  DeadlineExceeded: 'failed',
  Terminating: 'ended',
}

export function isExplainedStatus(status: string): status is ExplainedStatus {
  return (EXPLAINED_STATUSES as readonly string[]).includes(status)
}

/** Words without a sentence of their own; the second line has what a node refuses a pod for. */
const FAILURE = new RegExp(
  '^(?:ExitCode|Signal):|Err|Error|Failed|Evicted|Preempting|Deadline|Unknown|' +
    '^OutOf|^Node(?:Affinity|Name|Ports)$|^PodOS|NotSupported$',
)

/** Whether the node refused it at admission, in the words of a kubelet (facts 1.5.14). */
export function isRejected({ status }: Pod): boolean {
  return status?.phase === 'Failed' && status.message?.startsWith('Pod was rejected: ') === true
}

/** `readyContainers` matters for `Running` only: a pod that runs and is not ready waits for something. */
export function toneOf(status: string, isReady = true): StateTone {
  const word = status.startsWith('Init:') ? status.slice('Init:'.length) : status
  if (/^\d+\/\d+$/.test(word)) return 'waiting'
  if (word === 'Running' && !isReady) return 'waiting'
  if (isExplainedStatus(word)) return TONES[word]
  if (/BackOff$/.test(word)) return 'back-off'
  return FAILURE.test(word) ? 'failed' : 'waiting'
}
