/** The steps of an experiment as moments on a time axis. Pure. */
import type { ExperimentStep, LocalText } from '@common/experiments/experiment.ts'

export interface StepMark {
  /** As people count: the first is 1. */
  number: number
  timeMs: number
  /** A look has no words. */
  text?: LocalText
}

/** Looks take no time and change nothing: they are no marks. Steps whose beginning nobody tells have none either. */
export function computeStepMarks(steps: readonly ExperimentStep[], times: readonly string[]): StepMark[] {
  return steps.flatMap((step, index): StepMark[] => {
    const timeMs = Date.parse(times[index] ?? '')
    if (Number.isNaN(timeMs) || 'look' in step) return []
    return [{ number: numberOfStep(steps, index), timeMs, text: step.text }]
  })
}

/** Looks are not counted. */
export function numberOfStep(steps: readonly ExperimentStep[], index: number): number {
  return steps.slice(0, index + 1).filter((step) => !('look' in step)).length
}
