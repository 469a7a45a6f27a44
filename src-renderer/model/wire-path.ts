/**
 * The line from a reflection in the API server's strip to its pod on a node, as an SVG path: out of the card into the gap beside
 * it, down to the way below the strip, along it to the gap beside the node's column, down to the pod. It crosses nothing. Pure.
 */

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

export interface WireEnds {
  card: Box
  /** The part of the strip in which cards can be seen; a card outside it has no line. */
  glass: Box
  strip: Box
  column: Box
  pod: Box
}

/** Half of the gap between two cards. */
const CARD_GAP = 3
/** Half of the gap below the strip, and beside a column. */
const LANE = 6
const COLUMN_GAP = 8
const CORNER = 6
/** Where a card's and a pod's first line of text is. */
const NAME_HEIGHT = 15

type Point = readonly [x: number, y: number]

/** `undefined`: an end is not to be seen. */
export function computeWirePath({ card, glass, strip, column, pod }: WireEnds): string | undefined {
  const cardY = card.top + NAME_HEIGHT
  if (cardY < glass.top || cardY > glass.bottom || pod.bottom <= pod.top) return undefined
  const laneY = strip.bottom + LANE
  const podY = Math.min(pod.top + NAME_HEIGHT, (pod.top + pod.bottom) / 2)
  const cardX = card.right + CARD_GAP
  const columnX = column.right + COLUMN_GAP
  return roundedPath([
    [card.right, cardY],
    [cardX, cardY],
    [cardX, laneY],
    [columnX, laneY],
    [columnX, podY],
    [pod.right, podY],
  ])
}

/** Straight pieces with round corners, each as round as its shorter side allows. */
function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = [`M${at(first)}`]
  rest.forEach((point, index) => {
    const before = points[index] ?? point
    const after = rest[index + 1]
    if (after === undefined) return void parts.push(`L${at(point)}`)
    const radius = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2)
    parts.push(`L${at(towards(point, before, radius))}`, `Q${at(point)} ${at(towards(point, after, radius))}`)
  })
  return parts.join('')
}

function at([x, y]: Point): string {
  return `${round(x)} ${round(y)}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function distance([x, y]: Point, [otherX, otherY]: Point): number {
  return Math.hypot(otherX - x, otherY - y)
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to)
  if (whole === 0) return from
  return [from[0] + ((to[0] - from[0]) * length) / whole, from[1] + ((to[1] - from[1]) * length) / whole]
}
