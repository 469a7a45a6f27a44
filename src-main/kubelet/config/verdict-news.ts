/** Tells the timeline what changed between two looks at the manifest folder. */
import type { FileVerdict, FileWarning, FileWarningReason } from '../../common/lab/file-verdict.ts'
import type { TimelineCause } from '../../common/lab/timeline-entry.ts'
import type { TimelineDraft, TimelineRecorder } from '../timeline/timeline.ts'

export class VerdictNews {
  readonly #timeline: TimelineRecorder
  #before = new Map<string, FileVerdict>()
  #isFirst = true

  constructor(timeline: TimelineRecorder) {
    this.#timeline = timeline
  }

  update(verdicts: FileVerdict[]): void {
    const now = new Map(verdicts.map((verdict) => [verdict.name, verdict]))
    for (const [name, verdict] of this.#before)
      if (!now.has(name) && verdict.reason !== 'DotFile') this.#timeline.record(goneEntry(verdict))
    for (const [name, verdict] of now) {
      const before = this.#before.get(name)
      if (before === undefined || differs(before, verdict)) this.#recordVerdict(before, verdict)
    }
    this.#before = now
    this.#isFirst = false
  }

  #causeOf(before: FileVerdict | undefined): TimelineCause {
    if (before !== undefined) return 'FileChanged'
    return this.#isFirst ? 'KubeletStarted' : 'FileAdded'
  }

  #recordVerdict(before: FileVerdict | undefined, verdict: FileVerdict): void {
    const about = { subject: 'file' as const, file: verdict.name, cause: this.#causeOf(before) }
    const pod = verdict.pod === undefined ? {} : { pod: verdict.pod }
    switch (verdict.state) {
      case 'accepted':
        this.#timeline.record({
          ...about,
          ...pod,
          type: 'Normal',
          reason: 'FileAccepted',
          message: `${verdict.name} defines pod ${verdict.pod?.namespace ?? ''}/${verdict.pod?.name ?? ''}`,
        })
        for (const warning of verdict.warnings.filter(isNews))
          this.#timeline.record({
            ...about,
            ...pod,
            type: 'Warning',
            reason: warning.reason,
            message: warning.message,
            details: warning.field === undefined ? {} : { field: warning.field },
          })
        return
      case 'rejected':
      case 'stale':
        this.#timeline.record({
          ...about,
          ...pod,
          type: 'Warning',
          reason: 'FileRejected',
          message: verdict.message,
          details: { verdict: verdict.reason, stale: verdict.state === 'stale' },
        })
        return
      case 'shadowed':
        this.#timeline.record({
          ...about,
          ...pod,
          type: 'Warning',
          reason: 'FileShadowed',
          message: verdict.explanation,
        })
        return
      case 'ignored':
        if (verdict.reason !== 'DotFile')
          this.#timeline.record({ ...about, type: 'Normal', reason: 'FileIgnored', message: verdict.message })
        return
      case 'unread':
        // Only the lab manager says so, of a kubelet that cannot be asked.
        return
    }
  }
}

const TOLD_OF_THE_POD: readonly FileWarningReason[] = ['FieldNotHonoured', 'NotStarted', 'NotAllowed']

/** What is not honoured, not started or not allowed is told of the pod, wherever it came from (`FieldNotSupported`, `Failed`). */
function isNews({ reason }: FileWarning): boolean {
  return !TOLD_OF_THE_POD.includes(reason)
}

function goneEntry(verdict: FileVerdict): TimelineDraft {
  return {
    subject: 'file',
    file: verdict.name,
    type: 'Normal',
    reason: 'FileGone',
    message: `${verdict.name} is gone`,
    cause: 'FileRemoved',
    ...(verdict.pod === undefined ? {} : { pod: verdict.pod }),
  }
}

function differs(before: FileVerdict, after: FileVerdict): boolean {
  return (
    before.state !== after.state ||
    before.reason !== after.reason ||
    before.message !== after.message ||
    before.pod?.uid !== after.pod?.uid
  )
}
