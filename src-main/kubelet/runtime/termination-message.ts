/** What a container said at its end (facts 2.15). */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import {
  CONTAINER_TERMINATION_MESSAGE_PATH_ANNOTATION,
  CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION,
} from '../../common/api/kubelet-labels.ts'
import type { CriContainerStatus } from '../../container-runtime/cri.ts'

const MAX_MESSAGE_BYTES = 4096
const MAX_LOG_BYTES = 2048
const MAX_LOG_LINES = 80

/** The end of the mounted file; with `FallbackToLogsOnError`, after a failure that left no message, the end of the log. */
export function readTerminationMessage(status: CriContainerStatus): string {
  const path = status.annotations[CONTAINER_TERMINATION_MESSAGE_PATH_ANNOTATION] ?? ''
  const mount = status.mounts.find((candidate) => candidate.containerPath === path)
  const message = mount === undefined ? '' : readTail(mount.hostPath, MAX_MESSAGE_BYTES)
  const policy = status.annotations[CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION]
  if (message !== '' || policy !== 'FallbackToLogsOnError' || status.exitCode === 0) return message
  return logTail(readTail(status.logPath, 4 * MAX_LOG_BYTES))
}

/** The text of the last lines of a log in CRI format. */
export function logTail(log: string): string {
  const lines = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => /^\S+ (?:stdout|stderr) (\S+) (.*)$/.exec(line))
    .filter((match) => match !== null)
    .slice(-MAX_LOG_LINES)
    // A part of a long line (`P`) goes on in the next record.
    .map((match) => (match[1] === 'P' ? (match[2] ?? '') : `${match[2] ?? ''}\n`))
  const bytes = Buffer.from(lines.join(''), 'utf8')
  return bytes.subarray(-MAX_LOG_BYTES).toString('utf8')
}

/** Empty for whatever is not a readable regular file: a container may have put anything there. */
function readTail(path: string, limit: number): string {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch {
    // Not there, or a link: the container has no message.
    return ''
  }
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) return ''
    const buffer = Buffer.alloc(Math.min(limit, stats.size))
    const length = readSync(descriptor, buffer, 0, buffer.length, stats.size - buffer.length)
    return buffer.subarray(0, length).toString('utf8')
  } finally {
    closeSync(descriptor)
  }
}
