/** Where the states of the lifecycle's picture stand, and how the steps between them run. Pure; pixels. */
import { CONTAINER_STAGES, PHASES, type ContainerStage, type PhaseStage } from './compute-lifecycle.ts'

export interface DiagramState<Stage extends string> {
  stage: Stage
  /** Of its middle. */
  x: number
  y: number
}

export interface DiagramStep<Stage extends string> {
  from: Stage
  to: Stage
  /** An SVG path from border to border. */
  path: string
  /** Middle of the line, for its count. */
  x: number
  y: number
}

export interface Diagram {
  width: number
  height: number
  stateWidth: number
  stateHeight: number
  /** Baselines of the two captions. */
  captions: { phases: number; container: number }
  phases: { states: DiagramState<PhaseStage>[]; steps: DiagramStep<PhaseStage>[] }
  container: { states: DiagramState<ContainerStage>[]; steps: DiagramStep<ContainerStage>[] }
}

/** How far the middle of a line is pushed to the right of its direction. */
type Bends<Stage extends string> = readonly (readonly [from: Stage, to: Stage, bend: number])[]

const PHASE_BENDS: Bends<PhaseStage> = [
  ['Pending', 'Running', 0],
  ['Running', 'Succeeded', 0],
  ['Running', 'Failed', 0],
  ['Pending', 'Failed', 34],
]
const CONTAINER_BENDS: Bends<ContainerStage> = [
  ['waiting', 'running', 0],
  ['running', 'terminated', -9],
  ['terminated', 'running', -9],
  ['terminated', 'back-off', 0],
  ['back-off', 'running', 0],
  ['waiting', 'back-off', 4],
]
/** Of unusual steps that would run into a state or another step: below the way there, and over the state between. */
const RARE_CONTAINER_BENDS: Bends<ContainerStage> = [
  ['back-off', 'waiting', -30],
  ['terminated', 'waiting', 34],
  ['waiting', 'terminated', -27],
]
/** Of all others that are drawn only when they were taken: beside the usual ones. */
const OTHER_BEND = 22

const STATE_HEIGHT = 30
const NARROW = 420
const MINIMUM_WIDTH = 300
const MAXIMUM_WIDTH = 720

interface Taken<Stage extends string> {
  from: Stage
  to: Stage
}

/** @param taken steps that are drawn even if they are unusual ones */
export function layoutDiagram(
  room: number,
  taken: { phases: readonly Taken<PhaseStage>[]; container: readonly Taken<ContainerStage>[] },
): Diagram {
  const width = Math.min(MAXIMUM_WIDTH, Math.max(MINIMUM_WIDTH, room))
  const stateWidth = width < NARROW ? 88 : 116
  const size = { width: stateWidth, height: STATE_HEIGHT }
  const [left, middle, right] = [stateWidth / 2 + 2, width / 2 - (width < NARROW ? 2 : 20), width - stateWidth / 2 - 2]
  const phases = place(PHASES, {
    Pending: [left, 62],
    Running: [middle, 62],
    Succeeded: [right, 40],
    Failed: [right, 84],
  })
  const container = place(CONTAINER_STAGES, {
    waiting: [left, 160],
    running: [middle, 160],
    terminated: [right, 160],
    'back-off': [(middle + right) / 2, 226],
  })
  return {
    width,
    height: 250,
    stateWidth,
    stateHeight: STATE_HEIGHT,
    captions: { phases: 14, container: 130 },
    phases: { states: phases, steps: join(phases, [PHASE_BENDS, []], taken.phases, size) },
    container: {
      states: container,
      steps: join(container, [CONTAINER_BENDS, RARE_CONTAINER_BENDS], taken.container, size),
    },
  }
}

function place<Stage extends string>(
  stages: readonly Stage[],
  places: Readonly<Record<Stage, readonly [x: number, y: number]>>,
): DiagramState<Stage>[] {
  return stages.map((stage) => ({ stage, x: places[stage][0], y: places[stage][1] }))
}

function join<Stage extends string>(
  states: readonly DiagramState<Stage>[],
  [usual, rare]: readonly [usual: Bends<Stage>, rare: Bends<Stage>],
  taken: readonly Taken<Stage>[],
  size: Size,
): DiagramStep<Stage>[] {
  const others = taken
    .filter(({ from, to }) => !usual.some(([one, other]) => one === from && other === to))
    .map(({ from, to }) => {
      const [, , bend = OTHER_BEND] = rare.find(([one, other]) => one === from && other === to) ?? []
      return [from, to, bend] as const
    })
  return [...usual, ...others].flatMap(([from, to, bend]) => {
    const [start, end] = [states.find(({ stage }) => stage === from), states.find(({ stage }) => stage === to)]
    return start === undefined || end === undefined ? [] : [{ from, to, ...draw(start, end, bend, size) }]
  })
}

interface Size {
  width: number
  height: number
}

interface Point {
  x: number
  y: number
}

function draw(start: Point, end: Point, bend: number, size: Size): Omit<DiagramStep<never>, 'from' | 'to'> {
  const [dx, dy] = [end.x - start.x, end.y - start.y]
  const length = Math.hypot(dx, dy) || 1
  const control = {
    x: (start.x + end.x) / 2 - (dy / length) * bend * 2,
    y: (start.y + end.y) / 2 + (dx / length) * bend * 2,
  }
  const [from, to] = [leave(start, control, size, 2), leave(end, control, size, 5)]
  const middle = { x: (from.x + 2 * control.x + to.x) / 4, y: (from.y + 2 * control.y + to.y) / 4 }
  const path = `M${at(from)} Q${at(control)} ${at(to)}`
  return { path, x: Math.round(middle.x), y: Math.round(middle.y) }
}

/** Where the line from a state's middle towards `aim` crosses its border, and `gap` further. */
function leave(middle: Point, aim: Point, { width, height }: Size, gap: number): Point {
  const [dx, dy] = [aim.x - middle.x, aim.y - middle.y]
  const length = Math.hypot(dx, dy) || 1
  const share = Math.min(width / 2 / (Math.abs(dx) || 1e-9), height / 2 / (Math.abs(dy) || 1e-9))
  return { x: middle.x + dx * share + (dx / length) * gap, y: middle.y + dy * share + (dy / length) * gap }
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
}
