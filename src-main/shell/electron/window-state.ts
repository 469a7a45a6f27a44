/** Where the window was when it was closed: read and written as a small file in the app's own folder. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowState {
  /** Absent: let the system place it. */
  bounds?: Rectangle
  width: number
  height: number
  maximized: boolean
}

export const DEFAULT_WINDOW_STATE: WindowState = { width: 1280, height: 820, maximized: false }
export const MINIMUM_WINDOW_SIZE = { width: 480, height: 400 }

/** Reads the file; one that is missing or damaged gives the default, since nothing of value is in it. */
export function readWindowState(path: string, workAreas: readonly Rectangle[]): WindowState {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch {
    // First start, or not readable: both mean that no place is known.
    return DEFAULT_WINDOW_STATE
  }
  return computeWindowState(content, workAreas)
}

/** The saved place, moved and cut so that all of it is on the screen it is most on; only its size when it is on none. */
export function computeWindowState(content: string, workAreas: readonly Rectangle[]): WindowState {
  const saved = parseBounds(content)
  if (saved === undefined) return DEFAULT_WINDOW_STATE
  const { maximized, ...place } = saved
  const area = workAreas.toSorted((one, other) => overlap(place, other) - overlap(place, one))[0]
  if (area === undefined || overlap(place, area) === 0) return { width: place.width, height: place.height, maximized }
  const bounds = clampInto(place, area)
  return { width: bounds.width, height: bounds.height, maximized, bounds }
}

/** A failure to write is told to the caller, who logs it: the app closes all the same. */
export function writeWindowState(path: string, bounds: Rectangle, maximized: boolean): void {
  mkdirSync(dirname(path), { recursive: true })
  const { x, y, width, height } = bounds
  writeFileSync(path, `${JSON.stringify({ x, y, width, height, maximized })}\n`)
}

function parseBounds(content: string): (Rectangle & { maximized: boolean }) | undefined {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    // A half-written file: as good as none.
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { x, y, width, height, maximized } = value as Record<string, unknown>
  if (!isWhole(x) || !isWhole(y) || !isWhole(width) || !isWhole(height)) return undefined
  if (width < MINIMUM_WINDOW_SIZE.width || height < MINIMUM_WINDOW_SIZE.height) return undefined
  return { x, y, width, height, maximized: maximized === true }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** Square pixels of `bounds` that are in `area`. */
function overlap(bounds: Rectangle, area: Rectangle): number {
  const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  const height = Math.min(bounds.y + bounds.height, area.y + area.height) - Math.max(bounds.y, area.y)
  return Math.max(0, width) * Math.max(0, height)
}

function clampInto(bounds: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(bounds.width, area.width)
  const height = Math.min(bounds.height, area.height)
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height,
  }
}
