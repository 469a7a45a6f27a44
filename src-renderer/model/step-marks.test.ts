import { describe, expect, it } from 'vitest'
import type { ExperimentStep } from '@common/experiments/experiment.ts'
import { at, NOW } from '../testing/fixtures.ts'
import { computeStepMarks, mergeMarks, numberOfStep } from './step-marks.ts'

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

  it('given marks that would cover one another, then they are one with all their numbers, and others stay', () => {
    const mark = (number: number, x: number): { label: string; title: string; x: number } => ({
      ...{ label: String(number), title: `Step ${number}`, x },
    })
    expect(mergeMarks([mark(1, 10), mark(2, 100), mark(4, 104), mark(5, 300)])).toEqual([
      mark(1, 10),
      { label: '2, 4', title: 'Step 2\nStep 4', x: 102 },
      mark(5, 300),
    ])
  })

  it('given times that nobody told, then there are no marks', () => {
    expect(computeStepMarks(STEPS, ['', 'soon'])).toEqual([])
  })
})
