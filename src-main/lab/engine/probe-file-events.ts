/**
 * Whether containers are told of changes that this machine makes in a folder that both share. Virtual machines hand over files
 * without their events at times; a kubelet then sees a change only when it lists its folder (facts 2.1).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock, delay } from '../../base/clock.ts'
import { describeFinding, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { HOME_LABEL } from '../../common/engine-labels.ts'
import { LabError } from '../../common/lab-error.ts'
import type { Engine } from './engine.ts'
import { runHelper } from './run-helper.ts'

/** Between two changes; the helper needs a moment to begin, and nothing tells when it has. */
const CHANGE_MS = 150

/**
 * Watches `/probe` and looks into it, too: a name that was not there at the beginning is a change. Says `event` once one was told
 * of, `seen` when a change was seen and nothing was told within two seconds, `unseen` when there was none in ten.
 */
const WATCH_PROGRAM = `
const fs = require('node:fs')
const done = (word) => { console.log(word); process.exit(0) }
fs.watch('/probe', () => done('event'))
const before = new Set(fs.readdirSync('/probe'))
setInterval(() => {
  if (fs.readdirSync('/probe').some((name) => !before.has(name))) setTimeout(() => done('seen'), 2000)
}, 50)
setTimeout(() => done('unseen'), 10000)
`

/** @param image a reference of our node image, which has Node.js */
export async function probeFileEvents(
  engine: Engine,
  { image, home }: { image: string; home: string },
): Promise<DoctorCheck> {
  const folder = await mkdtemp(join(home, '.probe-'))
  const ended = new AbortController()
  const changes = changeUntil(ended.signal, folder)
  try {
    const { exitCode, output } = await runHelper(engine, {
      image,
      command: ['/usr/bin/node', '-e', WATCH_PROGRAM],
      mounts: [{ type: 'bind', source: folder, target: '/probe', readOnly: true }],
      labels: { [HOME_LABEL]: home },
    })
    if (exitCode !== 0)
      throw new LabError({ kind: 'Unavailable', message: `watching a folder failed: ${output.trim()}` })
    return judgeFileEvents(output.trim())
  } finally {
    ended.abort()
    await changes.catch(() => undefined) // a full disk: the helper has seen nothing, and says so
    await rm(folder, { recursive: true, force: true })
  }
}

/** Files that are not opened by anybody else, one after the other, each of them an event. */
async function changeUntil(signal: AbortSignal, folder: string): Promise<void> {
  const clock = systemClock()
  for (let count = 0; !signal.aborted; count++) {
    await writeFile(join(folder, `change-${count}`), '')
    await delay(clock, CHANGE_MS, signal).catch(() => undefined) // the end is what it waits for
  }
}

function judgeFileEvents(word: string): DoctorCheck {
  switch (word) {
    case 'event':
      return describeFinding('file-events', true, 'events-arrive')
    case 'seen':
      return describeFinding('file-events', 'notice', 'events-missing')
    case 'unseen':
      return describeFinding('file-events', false, 'events-unseen')
    default:
      throw new LabError({ kind: 'Unavailable', message: `watching a folder ended with "${word}"` })
  }
}
