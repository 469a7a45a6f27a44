/** What the recording's report calls a race or an anomaly of 1.20.2, or of the way it was recorded: none of it is copied. */

export interface Anomaly {
  recorded: string
  ours: string
  /** Of REPORT.md. */
  section: string
}

export const ANOMALIES: readonly Anomaly[] = [
  {
    recorded:
      'A removed pod without volumes is not given its grace period: housekeeping finds its cgroup orphaned and kills everything in it after 0.5 to 1.9 s, hooks included.',
    ours: 'Every pod is given its grace period, and its preStop hook is run to the end or to the end of the grace.',
    section: '3',
  },
  {
    recorded:
      'A pod that is removed right after it began to run is started once more, and killed again, 1 to 2 s later.',
    ours: 'A pod that has been removed starts nothing any more.',
    section: '3',
  },
  {
    recorded: 'A plain write is read twice, and the first time the file may still be empty: one spurious error.',
    ours: 'A file is read when it has been quiet for some milliseconds.',
    section: '1',
  },
  {
    recorded:
      'The temporary file of `sed -i` is taken for a manifest, so that the pod is removed and added twice; a container name clashes for a moment.',
    ours: 'What takes over the pod of another file has to be quiet for longer: the pod is replaced once.',
    section: '4',
  },
  {
    recorded: 'The new pod of an edited manifest starts before the old one has ended, so that both run for a moment.',
    ours: 'The new one waits for the end of the old one, as all versions since 1.22 do (facts 1.5.5).',
    section: '4',
  },
  {
    recorded: 'A failing startup probe ends its container only at the next periodic sync, a minute later.',
    ours: 'The container is ended as soon as the threshold is reached.',
    section: '8',
  },
  {
    recorded:
      'A container that is ended by its liveness probe is restarted at once, or after a back-off, as it happens to come in the same sync or in a later one.',
    ours: 'It is always the same sync: at once twice, after that with the back-off of a crash.',
    section: '8',
  },
  {
    recorded: 'Five seconds pass between the start of the kubelet and its first sync.',
    ours: 'The first sync follows at once.',
    section: '0',
  },
  {
    recorded: 'The reason for which a container waits after a failed postStart hook is the whole text of the error.',
    ours: 'The reason is `PostStartHookError`, and the text is the message.',
    section: '8',
  },
]
