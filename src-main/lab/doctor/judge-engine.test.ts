import { describe, expect, it } from 'vitest'
import type { EngineInfo } from '../engine/engine.ts'
import { parseEngineInfo, sumBuildCache } from '../engine/engine-info.ts'
import { judgeArchitecture, judgeClock, judgeInfo, judgeSurvey } from './judge-engine.ts'
import { TRIED_WATCHERS, type EngineSurvey } from './survey-engine.ts'

const info: EngineInfo = parseEngineInfo({
  ...{ OperatingSystem: 'Debian', Name: 'vm', CgroupVersion: '2', CgroupDriver: 'systemd' },
  ...{ SecurityOptions: ['name=seccomp,profile=builtin'], MemoryLimit: true, CpuCfsQuota: true, PidsLimit: true },
  ...{ MemTotal: 8e9, DockerRootDir: '/var/lib/docker' },
})
const healthy: EngineSurvey = {
  timeMs: 0,
  openFiles: Infinity,
  inotifyInstances: 128,
  inotifyWatches: 65_536,
  openedWatchers: TRIED_WATCHERS,
  processes: 32_768,
  keys: { used: 40, limit: 1_000_000 },
  memoryFreeBytes: 4e9,
  diskFreeBytes: 20e9,
}

/** What is not well, by its finding. */
function problems(change: Partial<EngineSurvey>, cacheBytes = 0): (string | undefined)[] {
  return judgeSurvey({ ...healthy, ...change }, info, cacheBytes).flatMap(({ ok, finding }) => (ok ? [] : [finding]))
}

describe('given what a container sees of the engine’s machine', () => {
  it('when all is well, then each of it is told, with its numbers', () => {
    const checks = judgeSurvey(healthy, info, 0)
    expect(checks.every(({ ok }) => ok)).toBe(true)
    expect(checks.map(({ id }) => id)).toEqual([
      ...['memory', 'engine-disk', 'inotify-limits', 'open-files', 'processes', 'keyrings'],
    ])
    expect(checks[0]?.message).toBe('4 GB of the engine’s 8 GB of memory are free.')
  })

  it.each<[string, Partial<EngineSurvey>, number, string]>([
    ['little memory is free', { memoryFreeBytes: 0.5e9 }, 0, 'memory-few'],
    ['its disk is nearly full', { diskFreeBytes: 1e9 }, 0, 'engine-disk-low'],
    ['its disk is nearly full of build cache', { diskFreeBytes: 1e9 }, 30e9, 'engine-disk-cache'],
    ['few watchers are allowed', { inotifyInstances: 127 }, 0, 'watchers-few'],
    ['watchers are used up', { openedWatchers: 3 }, 0, 'watchers-used-up'],
    ['few watches are allowed', { inotifyWatches: 4096 }, 0, 'watches-few'],
    ['few files may be open', { openFiles: 256 }, 0, 'files-few'],
    ['few processes may be', { processes: 100 }, 0, 'processes-few'],
    ['keys are nearly used up', { keys: { used: 150, limit: 200 } }, 0, 'keyrings-few'],
  ])('when %s, then that alone is wrong', (_what, change, cacheBytes, finding) => {
    expect(problems(change, cacheBytes)).toEqual([finding])
  })

  it('when the kernel does not tell something, then nothing is said of it', () => {
    const unknown = { inotifyInstances: undefined, openFiles: undefined, processes: undefined, keys: undefined }
    const checks = judgeSurvey({ ...healthy, ...unknown, memoryFreeBytes: undefined }, info, 0)
    expect(checks.map(({ id }) => id)).toEqual(['engine-disk'])
  })
})

describe('given what an engine says of itself', () => {
  const findings = (answer: object): (string | undefined)[] =>
    judgeInfo(parseEngineInfo(answer)).flatMap(({ ok, notice, finding }) => (ok && notice !== true ? [] : [finding]))

  it('when it keeps all limits as root, then there is nothing to say', () => {
    expect(judgeInfo(info).every(({ ok, notice }) => ok && notice !== true)).toBe(true)
  })

  it('when it cannot limit, runs without root or labels with SELinux, then each is told', () => {
    const security = ['name=rootless', 'name=selinux']
    expect(findings({ MemoryLimit: true, CpuCfsQuota: false, SecurityOptions: security })).toEqual([
      ...['rootless-engine', 'selinux-on', 'limits-ignored'],
    ])
  })

  it('when its answer is none, then nothing breaks', () => {
    expect(findings([])).toEqual(['limits-ignored'])
    expect(sumBuildCache(null)).toBe(0)
  })

  it('when it has a build cache, then what is in use does not count', () => {
    expect(sumBuildCache({ BuildCache: [{ Size: 5 }, { Size: 7, InUse: true }, { Size: 2, InUse: false }] })).toBe(7)
  })

  it('when an image is for another processor, then it is named', () => {
    expect(
      judgeArchitecture(
        'arm64',
        new Map([
          ['a', 'arm64'],
          ['b', undefined],
        ]),
      ).ok,
    ).toBe(true)
    expect(judgeArchitecture('arm64', new Map([['a', 'amd64']]))).toMatchObject({
      finding: 'architecture-other',
      values: { tags: 'a' },
    })
  })
})

it.each<[number, string]>([
  [9_000, 'clock-same'],
  [8_500, 'clock-same'],
  [5_000, 'clock-behind'],
  [13_500, 'clock-ahead'],
])('given an answer of between 10 and 11 s that says %i ms, then it is %s', (timeMs, finding) => {
  expect(judgeClock(timeMs, { fromMs: 10_000, untilMs: 11_000 }).finding).toBe(finding)
})
