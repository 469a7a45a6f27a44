import { describe, expect, it } from 'vitest'
import type { ExperimentStep } from '@common/experiments/experiment.ts'
import { at, NOW } from '../testing/fixtures.ts'
import { computeStepMarks, numberOfStep } from './step-marks.ts'

const text = { en: 'do', ko: '하기' }
const STEPS: ExperimentStep[] = [
  { look: 'steady' },
  { act: 'delete-pod', text },
  { wait: 'true', atMostSeconds: 5, text },
  { look: 'later' },
  { pauseSeconds: 1, text },
]

describe('marks of steps', () => {
  it('given a run half-way, then each step that has begun is a mark, and looks are neither marks nor counted', () => {
    const marks = computeStepMarks(STEPS, [at(-9), at(-8), at(-7)])
    expect(marks.map(({ number, timeMs }) => [number, timeMs - NOW])).toEqual([
      [1, -8_000],
      [2, -7_000],
    ])
    expect(numberOfStep(STEPS, 4)).toBe(3)
  })

  it('given times that nobody told, then there are no marks', () => {
    expect(computeStepMarks(STEPS, ['', 'soon'])).toEqual([])
  })
})
