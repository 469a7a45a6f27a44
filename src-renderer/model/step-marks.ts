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

/** A mark in its place, in pixels. */
interface PlacedMark {
  label: string
  title: string
  x: number
}

const LETTER_PX = 7
const EDGES_PX = 9

/** Marks that would cover one another become one, `2, 4`, in their middle. @param marks from left to right */
export function mergeMarks(marks: readonly PlacedMark[]): PlacedMark[] {
  const merged: (PlacedMark & { fromX: number })[] = []
  for (const mark of marks) {
    const last = merged.at(-1)
    if (last === undefined || mark.x - last.x > (widthOf(last) + widthOf(mark)) / 2)
      merged.push({ ...mark, fromX: mark.x })
    else
      merged.splice(-1, 1, {
        label: `${last.label}, ${mark.label}`,
        title: `${last.title}\n${mark.title}`,
        x: (last.fromX + mark.x) / 2,
        fromX: last.fromX,
      })
  }
  return merged.map(({ label, title, x }) => ({ label, title, x }))
}

function widthOf({ label }: PlacedMark): number {
  return label.length * LETTER_PX + EDGES_PX
}
