/**
 * A registry for tests, on this machine's loopback, where the engine speaks plain HTTP to it (Docker Registry HTTP API V2).
 * It has one image of one layer, and can ask for a password or stop in the middle of the layer.
 */
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { Disposable } from '../../base/disposable.ts'

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json'
const LAYER_BYTES = 3_000_000

const digestOf = (content: Uint8Array): string => `sha256:${createHash('sha256').update(content).digest('hex')}`

export class TestRegistry implements Disposable {
  /** Of whom a password is asked; `undefined`: nobody. */
  password: { user: string; password: string } | undefined
  /** `true`: half of the layer is sent, and then nothing. */
  stalls = false
  /** How much has been asked of it. */
  requests = 0
  /** How many layers have been asked for. */
  layerRequests = 0
  readonly #server: Server
  readonly #blobs: Map<string, Buffer>
  readonly #manifest: Buffer

  private constructor(blobs: Buffer[], manifest: Buffer) {
    this.#blobs = new Map(blobs.map((blob) => [digestOf(blob), blob]))
    this.#manifest = manifest
    this.#server = createServer((request, response) => this.#answer(request, response))
  }

  static async start(): Promise<TestRegistry> {
    const tarball = pack()
    // Nothing that compresses: a layer of that size on the wire as well.
    tarball.entry({ name: 'file', mtime: new Date(0) }, randomBytes(LAYER_BYTES))
    tarball.finalize()
    const layer = await buffer(tarball)
    const compressed = gzipSync(layer, { level: 1 })
    const config = Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: { Cmd: ['/file'] },
        rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      }),
    )
    const describe = (mediaType: string, blob: Buffer) => ({ mediaType, size: blob.length, digest: digestOf(blob) })
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: describe('application/vnd.docker.container.image.v1+json', config),
      layers: [describe('application/vnd.docker.image.rootfs.diff.tar.gzip', compressed)],
    }
    const registry = new TestRegistry([config, compressed], Buffer.from(JSON.stringify(manifest)))
    registry.#server.listen(0, '127.0.0.1')
    await once(registry.#server, 'listening')
    return registry
  }

  /** The image's name, as a manifest would have it. */
  get image(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}/some/image:1`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? ''
    this.requests++
    if (!this.#isKnown(request.headers.authorization)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
      return
    }
    const digest = /^\/v2\/some\/image\/blobs\/(sha256:[0-9a-f]{64})$/.exec(path)?.[1]
    const blob = digest === undefined ? undefined : this.#blobs.get(digest)
    if (path === '/v2/') response.end('{}')
    else if (blob !== undefined) this.#sendBlob(request, response, blob)
    else if (/^\/v2\/some\/image\/manifests\/(1|sha256:)/.test(path))
      response
        .writeHead(200, {
          'content-type': MANIFEST_TYPE,
          'content-length': this.#manifest.length,
          'docker-content-digest': digestOf(this.#manifest),
        })
        .end(request.method === 'HEAD' ? undefined : this.#manifest)
    else
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }))
  }

  #sendBlob(request: IncomingMessage, response: ServerResponse, blob: Buffer): void {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': blob.length })
    if (request.method === 'HEAD') response.end()
    else if (blob.length < LAYER_BYTES) response.end(blob)
    else {
      this.layerRequests++
      if (this.stalls) response.write(blob.subarray(0, blob.length / 2))
      else response.end(blob)
    }
  }

  #isKnown(authorization: string | undefined): boolean {
    if (this.password === undefined) return true
    const { user, password } = this.password
    return authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  }

  async dispose(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
