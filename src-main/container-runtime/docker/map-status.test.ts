import { describe, expect, it } from 'vitest'
import type { EngineContainerState } from './engine-types.ts'
import { computeListedState, computeRunFacts, parseEngineTime } from './map-status.ts'

const NEVER = '0001-01-01T00:00:00Z'
const START = '2026-11-24T02:00:00.123456789Z'
const END = '2026-11-24T02:00:01.5Z'
const CREATED_NS = 1_000n
const state = (overrides: Partial<EngineContainerState>): EngineContainerState => ({
  Status: 'exited',
  Running: false,
  OOMKilled: false,
  ExitCode: 0,
  Error: '',
  StartedAt: START,
  FinishedAt: END,
  ...overrides,
})

describe('parseEngineTime', () => {
  it.each([
    [NEVER, 0n],
    ['nonsense', 0n],
    ['2026-11-24T02:00:00.123456789Z', BigInt(Date.UTC(2026, 10, 24, 2)) * 1_000_000n + 123_456_789n],
    ['2026-11-24T02:00:00.5Z', BigInt(Date.UTC(2026, 10, 24, 2)) * 1_000_000n + 500_000_000n],
    ['2026-11-24T04:00:00+02:00', BigInt(Date.UTC(2026, 10, 24, 2)) * 1_000_000n],
  ])('given %s, then %s nanoseconds', (text, ns) => {
    expect(parseEngineTime(text)).toBe(ns)
  })
})

describe('computeRunFacts', () => {
  it.each([
    ['a running container', state({ Status: 'running', Running: true, FinishedAt: NEVER }), 'CONTAINER_RUNNING', '', 0],
    ['an exit with 0', state({}), 'CONTAINER_EXITED', 'Completed', 0],
    ['an exit with 3', state({ ExitCode: 3 }), 'CONTAINER_EXITED', 'Error', 3],
    ['a kill for memory', state({ OOMKilled: true, ExitCode: 137 }), 'CONTAINER_EXITED', 'OOMKilled', 137],
    ['a child killed for memory', state({ OOMKilled: true, ExitCode: 1 }), 'CONTAINER_EXITED', 'Error', 1],
    [
      'a container that waits for its start',
      state({ Status: 'created', StartedAt: NEVER, FinishedAt: NEVER }),
      'CONTAINER_CREATED',
      '',
      0,
    ],
    [
      'a command that is not there',
      state({ Status: 'created', ExitCode: 127, Error: 'no such file', StartedAt: NEVER, FinishedAt: NEVER }),
      'CONTAINER_EXITED',
      'ContainerCannotRun',
      127,
    ],
  ] as const)('given %s, then %s', (_name, given, expected, reason, exitCode) => {
    expect(computeRunFacts(given, CREATED_NS)).toMatchObject({
      state: expected,
      reason,
      exitCode,
      message: given.Error,
    })
  })

  it('given a container that could not run, then it started and finished when it was created', () => {
    const facts = computeRunFacts(
      state({ Status: 'created', ExitCode: 127, StartedAt: NEVER, FinishedAt: NEVER }),
      CREATED_NS,
    )
    expect([facts.startedAt, facts.finishedAt]).toEqual([CREATED_NS, CREATED_NS])
  })

  it('given an end that the engine stamped before the start, then it finished when it started', () => {
    const facts = computeRunFacts(state({ StartedAt: END, FinishedAt: START }), CREATED_NS)
    expect([facts.startedAt, facts.finishedAt]).toEqual([parseEngineTime(END), parseEngineTime(END)])
  })
})

describe('computeRunFacts of a process that ended at once', () => {
  it('given an end that the engine dates before the start, then it is told at the start', () => {
    const facts = computeRunFacts(state({ StartedAt: END, FinishedAt: START }), CREATED_NS)
    expect([facts.startedAt, facts.finishedAt]).toEqual([parseEngineTime(END), parseEngineTime(END)])
  })
})

describe('computeListedState', () => {
  it.each([
    ['created', 'CONTAINER_CREATED'],
    ['running', 'CONTAINER_RUNNING'],
    ['paused', 'CONTAINER_RUNNING'],
    ['exited', 'CONTAINER_EXITED'],
    ['dead', 'CONTAINER_EXITED'],
    ['removing', 'CONTAINER_EXITED'],
  ] as const)('given %s, then %s', (engineState, expected) => {
    expect(computeListedState(engineState)).toBe(expected)
  })
})
