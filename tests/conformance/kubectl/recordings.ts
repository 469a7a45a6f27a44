/** What kubectl 1.32 was recorded doing with a real API server (1.20.2), without what only the network saw. */
import { readFileSync } from 'node:fs'
import { normalizeRequest, transcriptOf } from './normalize.ts'

interface Recording {
  command: string
  /** A number, or `timeout`: the recorder interrupted it. */
  exit: number | string
  stdin?: string
  stdout: string
  stderr: string
  requests: string[]
}

const RECORDINGS = JSON.parse(readFileSync(new URL('recordings.json', import.meta.url), 'utf8')) as Record<
  string,
  Recording
>

export const RECORDING_NAMES: readonly string[] = Object.keys(RECORDINGS)

/** @throws Error when there is no recording of that name */
function recordingOf(name: string): Recording {
  const recording = RECORDINGS[name]
  if (recording === undefined) throw new Error(`there is no recording ${name}`)
  return recording
}

/** Normalized as ours, its requests after what it printed. */
export function recordedTranscript(name: string): string[] {
  const { exit, stdout, stderr, requests } = recordingOf(name)
  const exitCode = typeof exit === 'number' ? exit : undefined
  return [...transcriptOf({ exitCode, stdout, stderr }), ...requests.map(normalizeRequest).toSorted()]
}

/** What a recorded command read from its standard input, with an image that a lab has. */
export function recordedInput(name: string): string {
  return (recordingOf(name).stdin ?? '').replaceAll('bb:v1', 'busybox:1.36')
}
