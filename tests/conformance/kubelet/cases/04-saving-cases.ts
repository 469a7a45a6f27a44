/** How an edited file is saved, and what else may be done to it (REPORT.md §4). */
import { appendFileSync, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brief, passing } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Expectation, KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import {
  fileOf,
  NOTHING,
  OTHER_WORKLOAD,
  overwrite,
  PLAN,
  REPLACED,
  REPLACED_RUNTIME,
  REPLACED_STATES,
  RUNNING,
  untouched,
} from './edited-pod.ts'

const PIECES = 5
const CLASHES = 'a second sandbox of the pod is tried, whose name is taken'

/** The recorded edits put a mistake into the script. */
const BROKEN_SCRIPT =
  'The new container runs; that of the recorded one exited with 2 at once, because of how its script had been edited, so that what follows its start is not compared.'

/** The same object comes back: the same pod, made anew as its second attempt. */
const AGAIN: Expectation = {
  states: [
    brief('gone'),
    brief('Running, ready; c running'),
    passing('Running, unready [c]; c exited 0 Completed'),
    'Running, ready; c running, last exited 0 Completed, restarts 1',
  ],
  runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped', 'sandbox 1 started', 'c 1 started'],
}

const COPIED = '04-edit-second-file-with-identical-content.txt'
/** Byte order: `edcp-copy.yaml` is before `edcp.yaml`. */
const EITHER_ORDER =
  'Recorded with a copy whose name came earlier. Its uid was that of the original, with which the order makes no difference; for ours, whose uid has the path in it, there is a case for each.'

function copyWithin(world: KubeletWorld, name: string): Promise<void> {
  return world.inFolder((folder) => copyFileSync(join(folder, fileOf(world)), join(folder, name)), name)
}

function becomesUnreadable(what: string, recording: string, content: string): KubeletCase {
  return {
    given: 'a running pod',
    when: `its file becomes ${what}`,
    then: 'the pod goes on until the next listing, which removes it',
    source: { section: '4', recordings: [recording] },
    adapted:
      'That nothing changes before the listing is shown on the clock; on a real node, the listing may come at once.',
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      await overwrite(world, content)
      if (!world.isReal) await world.pass(1)
      const before = world.isReal ? 0 : world.trace.lines('states').length
      await world.sees('runtime', 'sandbox 0 stopped')
      return {
        'changes before the listing': before,
        'seconds to the listing, at most': Math.max(
          20,
          Math.floor(world.trace.secondsTo('states', 'gone') ?? Infinity),
        ),
      }
    },
    recorded: {
      states: ['gone'],
      runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped'],
      findings: { 'changes before the listing': 0, 'seconds to the listing, at most': 20 },
    },
  }
}

export const SAVING_CASES = defineKubeletCases({
  'becomes-empty': becomesUnreadable('empty', '04-edit-becomes-empty-file.txt', ''),
  'becomes-invalid': becomesUnreadable('invalid YAML', '04-edit-becomes-invalid-yaml.txt', 'kind: Pod\na: b: c\n'),
  'edit-sed': {
    given: 'a running pod',
    when: 'its manifest is edited by `sed -i`',
    then: 'the pod is replaced',
    source: { section: '4', recordings: ['04-edit-by-sed-i.txt'] },
    adapted: BROKEN_SCRIPT,
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const content = world.manifest(onePod(OTHER_WORKLOAD))
      const temporary = `sed${world.podName}`
      await world.inFolder(
        (folder) => {
          writeFileSync(join(folder, temporary), '')
          appendFileSync(join(folder, temporary), content)
          renameSync(join(folder, temporary), join(folder, fileOf(world)))
        },
        temporary,
        fileOf(world),
      )
      await world.sees('states', RUNNING)
      return { [CLASHES]: world.trace.lines('events').some((line) => line.includes('FailedCreatePodSandBox')) }
    },
    recorded: { states: REPLACED_STATES, runtime: REPLACED_RUNTIME, findings: { [CLASHES]: true } },
    differs: [
      {
        reason: 'The temporary file is no manifest: the pod is replaced once, without a clash.',
        because: { facts: '1.2.12' },
        instead: { findings: { [CLASHES]: false } },
      },
    ],
  },
  'edit-vim': {
    given: 'a running pod',
    when: 'its manifest is saved as vim does, with `4913` and a backup',
    then: 'the pod is replaced once',
    source: { section: '4', recordings: ['04-edit-by-vim-style-save-with-backup.txt'] },
    adapted: BROKEN_SCRIPT,
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const content = world.manifest(onePod(OTHER_WORKLOAD))
      const file = fileOf(world)
      await world.inFolder(
        (folder) => {
          writeFileSync(join(folder, '4913'), '')
          rmSync(join(folder, '4913'))
          renameSync(join(folder, file), join(folder, `${file}~`))
          writeFileSync(join(folder, file), content)
          rmSync(join(folder, `${file}~`))
        },
        '4913',
        file,
        `${file}~`,
      )
      await world.sees('states', RUNNING)
    },
    recorded: { states: REPLACED_STATES, runtime: REPLACED_RUNTIME },
  },
  'edit-slowly': {
    given: 'a running pod',
    when: 'its file is written in pieces, some tenths of a second apart',
    then: 'the pod goes on until the file can be read again, and is replaced then',
    source: { section: '4', recordings: ['04-edit-slow-write-in-chunks.txt'] },
    adapted: BROKEN_SCRIPT,
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const content = world.manifest(onePod(OTHER_WORKLOAD))
      await overwrite(world, '')
      for (let piece = 0; piece < PIECES; piece++) {
        const from = Math.floor((content.length * piece) / PIECES)
        const to = Math.floor((content.length * (piece + 1)) / PIECES)
        const text = content.slice(from, to)
        await world.inFolder((folder) => appendFileSync(join(folder, fileOf(world)), text), fileOf(world))
        await world.pass(0.15)
      }
      await world.sees('states', RUNNING)
    },
    recorded: { states: REPLACED_STATES, runtime: REPLACED_RUNTIME },
  },
  'delete-create': {
    given: 'a running pod',
    when: 'its file is removed and written again at once',
    then: 'its container and its sandbox are ended and made again, which counts as a restart',
    source: { section: '4', recordings: ['04-edit-delete-and-create-same-content-at-once.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      await world.recreate(world.manifest(PLAN))
      await world.sees('states', 'Running, ready; c running, last exited 0 Completed, restarts 1')
    },
    recorded: AGAIN,
  },
  'file-renamed': {
    given: 'a running pod',
    when: 'its file is renamed within the folder',
    then: 'its container and its sandbox are ended and made again',
    source: {
      section: '4',
      recordings: ['04-edit-file-renamed-within-folder-same-content.txt', '05-rename-within-folder.txt'],
    },
    adapted:
      'As in the first of the two recordings, the container exits on SIGTERM; that of the second did not, and was still ending when its file was moved away.',
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const other = `${world.podName}-b.yaml`
      const names = [fileOf(world), other] as const
      await world.inFolder((folder) => renameSync(join(folder, names[0]), join(folder, other)), ...names)
      await world.sees('states', RUNNING)
    },
    recorded: AGAIN,
    differs: [
      {
        reason: 'The path of the file is part of the uid, so that it is another pod, without a history.',
        because: { facts: '1.4.1, 1.4.2' },
        instead: REPLACED,
      },
    ],
  },
  'second-file-before': {
    ...untouched(
      {
        given: 'a running pod',
        when: 'its file is copied within the folder, and the name of the copy comes earlier',
        then: 'nothing happens',
      },
      [COPIED],
      (world) => copyWithin(world, `${world.podName}-copy.yaml`),
    ),
    adapted: `${EITHER_ORDER} That nothing happens here is the decision “files of one pod”.`,
  },
  'second-file-after': {
    given: 'a running pod',
    when: 'its file is copied within the folder, and the name of the copy comes later',
    then: 'the pod of the copy replaces it',
    source: { section: '4', recordings: [COPIED] },
    adapted: EITHER_ORDER,
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      await copyWithin(world, `${fileOf(world)}.copy`)
      await world.sees('states', RUNNING)
      await world.sees('events', 'new Started c')
    },
    recorded: NOTHING,
    differs: [
      {
        reason:
          'The path of the file is part of the uid, so that the copy is of another pod, and of two files of one name the later one counts.',
        because: { facts: '1.2.7, 1.2.10, 1.4.1' },
        instead: REPLACED,
      },
    ],
  },
})
