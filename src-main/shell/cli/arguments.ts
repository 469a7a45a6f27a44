/** Checks of words before anything is done with them; each throws `UsageError` with what is wrong. */
import { MAX_NODES } from '../../common/lab/lab-spec-validation.ts'
import { componentFault } from '../../common/lab/control-plane-components.ts'
import { manifestVersionFault } from '../../common/lab/manifest-version.ts'
import { labNameFault, manifestNameFault, nodeNameFault } from '../../common/lab/names.ts'
import { MAX_SIMULATED_NODES } from '../../common/lab/simulated-nodes.ts'
import { UsageError } from './exit-codes.ts'

export function labArgument(value: string): string {
  return checked(value, labNameFault(value))
}

export function nodeArgument(value: string): string {
  return checked(value, nodeNameFault(value))
}

export function manifestArgument(value: string): string {
  return checked(value, manifestNameFault(value))
}

export function componentArgument(value: string): string {
  return checked(value, componentFault(value))
}

export function versionArgument(value: string): string {
  const fault = manifestVersionFault(value)
  return checked(value, fault === undefined ? undefined : `VERSION ${fault}`)
}

export function nodeCountArgument(value: string): number {
  return wholeNumber('--nodes', value, 1, MAX_NODES)
}

export function simulatedCountArgument(value: string): number {
  return wholeNumber('--simulated', value, 1, MAX_SIMULATED_NODES)
}

export function portArgument(value: string): number {
  return wholeNumber('--port', value, 1, 65_535)
}

export function tailArgument(value: string): number {
  return wholeNumber('--tail', value, 0, 10_000_000)
}

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `1h30m`, or an RFC 3339 moment: milliseconds since the epoch. */
export function sinceArgument(value: string, nowMs: number): number {
  if (/^(\d+[smhd])+$/.test(value)) {
    const parts = [...value.matchAll(/(\d+)([smhd])/g)]
    return (
      nowMs - parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS], 0)
    )
  }
  const moment = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(moment)) return moment
  throw new UsageError(`--since takes a time such as 10m or 2026-01-31T14:00:00Z, not "${value}".`)
}

export function booleanArgument(value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  throw new UsageError(`Say true or false, not "${value}".`)
}

function checked(value: string, fault: string | undefined): string {
  if (fault !== undefined) throw new UsageError(`${fault}.`)
  return value
}

function wholeNumber(option: string, value: string, least: number, most: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not "${value}".`)
}

/**
 * A node and a file, whichever came first: a name that can be no node's is the file.
 * @param first as the command's help has it @throws UsageError when neither can be a node
 */
export function nodeAndFile(first: { node: string; file: string }): { node: string; file: string } {
  const fault = nodeNameFault(first.node)
  if (fault === undefined) return first
  if (nodeNameFault(first.file) === undefined) return { node: first.file, file: first.node }
  throw new UsageError(`${fault}.`)
}
