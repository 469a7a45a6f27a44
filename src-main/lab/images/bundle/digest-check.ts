/** A stream that ends in failure when what has passed through is not what it should be. */
import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { createZstdDecompress, constants } from 'node:zlib'
import { LabError } from '../../../common/lab-error.ts'
import { COPY_AGAIN } from './bundle-file.ts'

/** Memory that a hostile stream may ask of the decompressor: as a power of two, in bytes. */
const WINDOW_LOG_MAX = 27

/**
 * Passes bytes on, and fails with BadRequest at the first byte too many and at a wrong end. The last piece is held back until the
 * digest is known: whoever reads on never sees a whole that is wrong.
 * @param what for the message, such as "layer 2 of the node image"
 */
export function checkDigest(expected: { digest: string; sizeBytes: number }, what: string): Transform {
  const hash = createHash('sha256')
  let sizeBytes = 0
  let held: Uint8Array | undefined
  const fail = (): LabError =>
    new LabError({ kind: 'BadRequest', message: `${what} is damaged: its checksum is another`, remedy: COPY_AGAIN })
  return new Transform({
    transform(chunk: Uint8Array, _encoding, callback) {
      hash.update(chunk)
      sizeBytes += chunk.length
      if (sizeBytes > expected.sizeBytes) {
        callback(fail())
        return
      }
      const before = held
      held = chunk
      callback(null, before)
    },
    flush(callback) {
      if (sizeBytes === expected.sizeBytes && `sha256:${hash.digest('hex')}` === expected.digest) callback(null, held)
      else callback(fail())
    },
  })
}

export function createUnpacking(): Transform {
  return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX } })
}
