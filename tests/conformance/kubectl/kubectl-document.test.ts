import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareTranscripts } from './compare-transcripts.ts'
import { KUBECTL_CASES } from './kubectl-cases.ts'
import { KUBECTL_DOCUMENT, renderKubectlDocument } from './kubectl-document.ts'
import { requestsOf, transcriptOf } from './normalize.ts'
import { NOT_COMPARED } from './not-compared.ts'
import { RECORDING_NAMES } from './recordings.ts'

const all = KUBECTL_CASES.flatMap(({ cases }) => cases)

describe('the kubectl cases', () => {
  it('given the page in the repository, then it is the one printed from the cases (npm run update:docs)', () => {
    expect(readFileSync(new URL(`../../../${KUBECTL_DOCUMENT}`, import.meta.url), 'utf8')).toBe(renderKubectlDocument())
  })

  it('given the recordings, then each is compared with a case, or it is said why not', () => {
    const compared = all.flatMap(({ expected }) => ('recording' in expected ? [expected.recording] : []))
    expect([...compared, ...Object.keys(NOT_COMPARED)].toSorted()).toEqual(RECORDING_NAMES)
  })

  it('given the differences and remarks, then each is a sentence', () => {
    for (const { command, expected, remark } of all) {
      if (remark !== undefined) expect(remark, command).toMatch(/^\S.{15,}\.$/)
      for (const { reason } of 'differs' in expected ? (expected.differs ?? []) : [])
        expect(reason, command).toMatch(/^\S.{15,}\.$/)
    }
  })
})

describe('transcripts', () => {
  it('given two outputs of other ids, times and widths, then they are the same lines', () => {
    const left = { exitCode: 0, stdout: 'NAME   AGE\nweb    4m3s\n', stderr: '' }
    const right = { exitCode: 0, stdout: 'NAME            AGE\nweb             5s\n', stderr: '' }
    expect(transcriptOf(left)).toEqual(['NAME  AGE', 'web  AGE'])
    expect(transcriptOf(right)).toEqual(transcriptOf(left))
  })

  it('given a rollout that says the same twice, then it is said once', () => {
    const stdout = 'Waiting for it: 0 of 2\nWaiting for it: 0 of 2\nWaiting for it: 1 of 2\ndone\ndone\n'
    expect(transcriptOf({ exitCode: 0, stdout, stderr: '' })).toEqual([
      'Waiting for it: 0 of 2',
      'Waiting for it: 1 of 2',
      'done',
      'done',
    ])
  })

  it('given an exit code and a log of requests, then the one is told and the others are apart', () => {
    const stderr =
      'I1126 21:37:06.275056 10816 round_trippers.go:560] GET https://127.0.0.1:26449/api/v1/pods?limit=500 200 OK in 3 milliseconds\nerror: no\n'
    expect(transcriptOf({ exitCode: 3, stdout: '', stderr })).toEqual(['exit 3', 'stderr: error: no'])
    expect(requestsOf(stderr)).toEqual(['GET /api/v1/pods?limit=500 200'])
  })

  it('given a line that moved, then it is told on both sides', () => {
    expect(compareTranscripts(['a', 'b', 'c'], ['b', 'c', 'a'])).toEqual({ recorded: ['a'], ours: ['a'] })
  })
})
