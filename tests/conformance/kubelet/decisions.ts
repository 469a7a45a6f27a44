/** Where neither a recording nor current versions are followed, on purpose; cases refer to these by `name`. */

export interface Decision {
  name: string
  upstream: string
  ours: string
  why: string
  /** Where upstream's way is written down. */
  source: string
}

export const DECISIONS: readonly Decision[] = [
  {
    name: 'files of one pod',
    upstream:
      'Of files of one pod, the one that was written last wins until the next listing, at most 20 s later; then the one whose name comes last in their order.',
    ours: 'The order of names decides at once: a file that comes earlier takes nothing over when it is written, and the pod of the earlier file is back as soon as the later one has gone.',
    why: 'The next listing would come to the same, after the pod has been replaced twice or missed for a while; the file that does not count says so.',
    source: 'facts 1.2.7, 1.2.10, 1.4.1',
  },
  {
    name: 'end of a container whose sandbox was removed',
    upstream: 'The kubelet ends the container that is left with SIGTERM and its grace.',
    ours: 'The kubelet does so, unless the runtime service has ended it already, for which containers go with their sandbox.',
    why: 'CRI has the runtime remove the containers of a sandbox that is removed; dockershim had nobody who noticed a removal through the engine. Who is first depends on the load, and so do signal, exit code and what is shown meanwhile.',
    source: '§7',
  },
]
