import { describe, expect, it } from 'vitest'
import { CONTAINER_STAGES } from './compute-lifecycle.ts'
import { layoutDiagram, type Diagram } from './diagram-layout.ts'

const ALL = CONTAINER_STAGES.flatMap((from) => CONTAINER_STAGES.filter((to) => to !== from).map((to) => ({ from, to })))

/** Points along a step's curve. */
function pointsOf(path: string): { x: number; y: number }[] {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = path.match(/-?[\d.]+/g)?.map(Number) ?? []
  return Array.from({ length: 41 }, (_, index) => {
    const at = index / 40
    const mix = (a: number, b: number, c: number): number => (1 - at) ** 2 * a + 2 * at * (1 - at) * b + at ** 2 * c
    return { x: mix(x0, x1, x2), y: mix(y0, y1, y2) }
  })
}

/** Names of the states that each step runs through, and those whose count lies on one. */
function collisions({ container, stateWidth, stateHeight }: Diagram): string[] {
  return container.steps.flatMap(({ from, to, path, x, y }) =>
    container.states.flatMap((state) => {
      const isIn = (point: { x: number; y: number }): boolean =>
        Math.abs(point.x - state.x) < stateWidth / 2 && Math.abs(point.y - state.y) < stateHeight / 2
      const isCrossed = state.stage !== from && state.stage !== to && pointsOf(path).some(isIn)
      return isCrossed || isIn({ x, y }) ? [`${from}>${to} through ${state.stage}`] : []
    }),
  )
}

describe('the picture of a container’s states', () => {
  it.each([300, 460, 720])('given %i pixels and each step taken, then none runs through another state', (width) => {
    expect(collisions(layoutDiagram(width, { phases: [], container: ALL }))).toEqual([])
  })

  it.each([300, 720])(
    'given %i pixels and a wait that ends in another pull, then there and back keep apart',
    (width) => {
      const taken = [{ from: 'back-off', to: 'waiting' } as const]
      const { steps } = layoutDiagram(width, { phases: [], container: taken }).container
      const there = steps.find(({ from, to }) => from === 'waiting' && to === 'back-off')
      const back = steps.find(({ from, to }) => from === 'back-off' && to === 'waiting')
      expect((back?.y ?? 0) - (there?.y ?? 0)).toBeGreaterThan(14)
    },
  )
})
