/** Splits the engine's framed output (8 bytes of header: stream, three zeros, big-endian length) into its two streams. */
import { PassThrough, type Readable } from 'node:stream'

const HEADER_BYTES = 8
const STDERR_STREAM = 2

export interface DemuxedStreams {
  stdout: Readable
  stderr: Readable
}

/**
 * Both outputs end when the source ends or breaks; what came before stays readable. The source is paused while a
 * reader of either output lags behind.
 */
export function demuxStreams(source: Readable): DemuxedStreams {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  let header = Buffer.alloc(0)
  let remaining = 0
  let target: PassThrough = stdout

  const write = (chunk: Buffer): void => {
    if (target.write(chunk)) return
    source.pause()
    target.once('drain', () => source.resume())
  }
  source.on('data', (data: Buffer) => {
    let rest = data
    while (rest.length > 0) {
      if (remaining === 0) {
        const missing = HEADER_BYTES - header.length
        header = Buffer.concat([header, rest.subarray(0, missing)])
        rest = rest.subarray(missing)
        if (header.length < HEADER_BYTES) return
        target = header[0] === STDERR_STREAM ? stderr : stdout
        remaining = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const part = rest.subarray(0, remaining)
      remaining -= part.length
      rest = rest.subarray(part.length)
      write(part)
    }
  })
  endWith(source, [stdout, stderr])
  return { stdout, stderr }
}

/** With a terminal there is one unframed stream; it is the standard output. */
export function plainStreams(source: Readable): DemuxedStreams {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  source.on('data', (chunk: Buffer) => {
    if (stdout.write(chunk)) return
    source.pause()
    stdout.once('drain', () => source.resume())
  })
  endWith(source, [stdout, stderr])
  return { stdout, stderr }
}

function endWith(source: Readable, targets: PassThrough[]): void {
  const end = (): void => {
    for (const target of targets) if (!target.writableEnded) target.end()
  }
  source.once('end', end)
  source.once('close', end)
  // A broken connection ends the outputs; that it broke is told by the exit code, which the engine is asked for.
  source.once('error', end)
}
