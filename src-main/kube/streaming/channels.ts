/**
 * The remote command protocol over WebSocket, `v5.channel.k8s.io` and `v4.channel.k8s.io` (facts 8.7.2): binary messages
 * whose first byte names the channel. v5 adds the half-close of standard input.
 */

export const V5_PROTOCOL = 'v5.channel.k8s.io'
export const V4_PROTOCOL = 'v4.channel.k8s.io'

export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const

/** Of forwarded ports: the bytes of the port of that index in the request. */
export function dataChannel(index: number): number {
  return 2 * index
}

/** Of forwarded ports: what went wrong with the port of that index. */
export function errorChannel(index: number): number {
  return 2 * index + 1
}

export interface TerminalSize {
  width: number
  height: number
}

/** What is sent on the error channel when the command is over: a Kubernetes Status, as far as it is used here. */
export interface CommandStatus {
  metadata: object
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: { causes: { reason: string; message: string }[] }
}

export function encodeFrame(channel: number, content: Uint8Array | string): Buffer {
  return Buffer.concat([Buffer.of(channel), typeof content === 'string' ? Buffer.from(content) : content])
}

/** `undefined`: the size is not one. Kubernetes writes the names in upper case. */
export function parseTerminalSize(content: Uint8Array): TerminalSize | undefined {
  try {
    const value = JSON.parse(Buffer.from(content).toString()) as { Width?: unknown; Height?: unknown } | null
    const { Width: width, Height: height } = value ?? {}
    const isSide = (side: unknown): side is number => Number.isInteger(side) && Number(side) > 0 && Number(side) < 65536
    return isSide(width) && isSide(height) ? { width, height } : undefined
  } catch {
    // Not JSON is not a size either.
    return undefined
  }
}

export function encodeTerminalSize(size: TerminalSize): Buffer {
  return encodeFrame(CHANNEL.resize, JSON.stringify({ Width: size.width, Height: size.height }))
}

/** @param exitCode `undefined` when only the connection, not the command, is over */
export function exitStatus(exitCode: number | undefined): CommandStatus {
  if (exitCode === undefined || exitCode === 0) return { metadata: {}, status: 'Success' }
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: `${exitCode}` }] },
  }
}

export function failureStatus(message: string): CommandStatus {
  return { metadata: {}, status: 'Failure', message, reason: 'InternalError' }
}

/** The exit code that a status tells. @throws Error when the command could not be run */
export function readExitCode(content: Uint8Array): number {
  const { status, message, reason, details } = JSON.parse(Buffer.from(content).toString()) as CommandStatus
  if (status === 'Success') return 0
  const cause = details?.causes.find((one) => one.reason === 'ExitCode')
  if (reason === 'NonZeroExitCode' && cause !== undefined && /^\d+$/.test(cause.message)) return Number(cause.message)
  throw new Error(message ?? 'the command could not be run')
}
