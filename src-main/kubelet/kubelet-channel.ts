/** The kubelet as the private channel's server sees it. */
import { findLogFile } from './container-log-file.ts'
import type { Kubelet } from './kubelet.ts'
import type { KubeletChannelSource } from './private-channel/channel-source.ts'
import type { Timeline } from './timeline/timeline.ts'

export function kubeletChannelSource(kubelet: Kubelet, timeline: Timeline): KubeletChannelSource {
  return {
    kubeletInfo: () => kubelet.info(),
    files: () => kubelet.files(),
    pods: () => kubelet.pods(),
    onDidChange: (listener) => kubelet.onDidChange(listener),
    timelineAfter: (position) => timeline.after(position),
    onTimelineAdded: (listener) => timeline.onDidAdd(listener),
    watchedPath: () => kubelet.watchedPath(),
    logFile: async (target) => findLogFile(kubelet.pods(), (uid) => kubelet.runtimePod(uid), target),
  }
}
