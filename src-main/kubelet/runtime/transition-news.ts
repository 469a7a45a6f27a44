/** Tells the timeline what became of sandboxes and containers. */
import type { TimelineDraft, TimelineRecorder } from '../timeline/timeline.ts'
import type { RuntimeTransition } from './runtime-pod-cache.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'

const SIGNAL_EXIT_BASE = 128

/** `isEnding`: the kubelet itself stops the pod, so a death is no fault. */
export function recordTransition(
  timeline: TimelineRecorder,
  pod: RuntimePod,
  transition: RuntimeTransition,
  isEnding: boolean,
): void {
  const about = { pod: { namespace: pod.namespace, name: pod.name, uid: pod.uid } }
  switch (transition.kind) {
    case 'ContainerDied':
      timeline.record({ ...about, ...diedEntry(transition.container, isEnding) })
      return
    case 'ContainerRemoved':
      // The kubelet removes only dead ones; that is no news.
      if (transition.container.state === 'CONTAINER_RUNNING')
        timeline.record({
          ...about,
          subject: 'container',
          container: transition.container.metadata.name,
          type: 'Warning',
          reason: 'ContainerRemoved',
          message: `Container ${transition.container.metadata.name} was removed while it ran`,
          details: { containerId: transition.container.id },
        })
      return
    case 'SandboxDied':
      timeline.record({
        ...about,
        subject: 'sandbox',
        type: isEnding ? 'Normal' : 'Warning',
        reason: 'SandboxDied',
        message: isEnding ? 'Pod sandbox stopped' : 'Pod sandbox died',
        details: { sandboxId: transition.sandboxId },
      })
      return
    case 'SandboxRemoved':
    case 'SandboxStarted':
    case 'ContainerStarted':
      // Recorded by whoever did it.
      return
  }
}

function diedEntry(container: RuntimeContainer, isEnding: boolean): TimelineDraft {
  const { exitCode, restartCount, id } = container
  const name = container.metadata.name
  const reason = container.reason === '' ? (exitCode === 0 ? 'Completed' : 'Error') : container.reason
  return {
    subject: 'container',
    container: name,
    type: exitCode === 0 || isEnding ? 'Normal' : 'Warning',
    reason: 'ContainerDied',
    message: `Container ${name} ended with exit code ${exitCode} (${reason})`,
    details: {
      exitCode,
      ...(exitCode > SIGNAL_EXIT_BASE ? { signal: exitCode - SIGNAL_EXIT_BASE } : {}),
      terminationReason: reason,
      restartCount,
      containerId: id,
    },
  }
}
