import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CONTAINER_TERMINATION_MESSAGE_PATH_ANNOTATION,
  CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION,
} from '../../common/api/kubelet-labels.ts'
import type { CriContainerStatus } from '../../container-runtime/cri.ts'
import { aContainer, anInstance, exited } from '../testing/pod-builders.ts'
import { readTerminationMessage } from './termination-message.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'termination-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** An ended container, its message file in `message` and its log in `log`. */
function ended(policy: 'File' | 'FallbackToLogsOnError', exitCode: number): CriContainerStatus {
  return anInstance(aContainer('one'), {
    ...exited(exitCode),
    annotations: {
      [CONTAINER_TERMINATION_MESSAGE_PATH_ANNOTATION]: '/dev/termination-log',
      [CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION]: policy,
    },
    mounts: [
      {
        containerPath: '/dev/termination-log',
        hostPath: join(folder, 'message'),
        readonly: false,
        selinuxRelabel: false,
        propagation: 'PROPAGATION_PRIVATE',
      },
    ],
    logPath: join(folder, 'log'),
  })
}
const say = (text: string): void => writeFileSync(join(folder, 'message'), text)
const log = (...lines: string[]): void =>
  writeFileSync(join(folder, 'log'), lines.map((line) => `2026-01-01T00:00:00.0Z stdout ${line}\n`).join(''))

describe('readTerminationMessage', () => {
  it('given a message, then it counts, whatever the policy and the exit code', () => {
    say('last words')
    log('F something else')
    for (const policy of ['File', 'FallbackToLogsOnError'] as const)
      for (const exitCode of [0, 1]) expect(readTerminationMessage(ended(policy, exitCode))).toBe('last words')
  })

  it('given more than 4096 bytes, then the last of them', () => {
    say(`begin${'x'.repeat(5000)}end`)
    const message = readTerminationMessage(ended('File', 0))
    expect(message).toHaveLength(4096)
    expect(message.endsWith('xend')).toBe(true)
  })

  it('given no message, then the log only after a failure and only with FallbackToLogsOnError', () => {
    say('')
    log('F one', 'P two ', 'F halves')
    expect(readTerminationMessage(ended('FallbackToLogsOnError', 3))).toBe('one\ntwo halves\n')
    expect(readTerminationMessage(ended('FallbackToLogsOnError', 0))).toBe('')
    expect(readTerminationMessage(ended('File', 3))).toBe('')
  })

  it('given a long log, then its last 80 lines, and of those the last 2048 bytes', () => {
    log(...Array.from({ length: 200 }, (_, index) => `F line ${index}`))
    const lines = readTerminationMessage(ended('FallbackToLogsOnError', 1)).trim().split('\n')
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([80, 'line 120', 'line 199'])
    log(...Array.from({ length: 40 }, () => `F ${'y'.repeat(99)}`))
    expect(readTerminationMessage(ended('FallbackToLogsOnError', 1))).toHaveLength(2048)
  })

  it('given a link in place of the file, then it is not followed', () => {
    writeFileSync(join(folder, 'secret'), 'of the node')
    symlinkSync(join(folder, 'secret'), join(folder, 'message'))
    expect(readTerminationMessage(ended('File', 1))).toBe('')
  })
})
