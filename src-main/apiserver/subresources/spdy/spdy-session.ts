/** The server's side of a SPDY/3.1 connection over whatever carries its bytes: streams that the client opens. */
import { Duplex } from 'node:stream'
import { encodeData, encodeReply, FrameReader, type Frame } from './frames.ts'
import { HeaderReader, HeaderWriter } from './header-blocks.ts'

export interface SpdyTransport {
  /** Resolves when more may be sent. */
  send(bytes: Uint8Array): Promise<void>
  /** Nothing more is taken in until `resume`. */
  pause(): void
  resume(): void
  close(): void
}

export interface SpdyStream {
  readonly headers: ReadonlyMap<string, string>
  readonly connection: Duplex
}

export class SpdySession {
  readonly #transport: SpdyTransport
  readonly #onStream: (stream: SpdyStream) => void
  readonly #frames = new FrameReader()
  readonly #headers = new HeaderReader()
  readonly #replies = new HeaderWriter()
  readonly #streams = new Map<number, Duplex>()
  #work: Promise<void> = Promise.resolve()

  constructor(transport: SpdyTransport, onStream: (stream: SpdyStream) => void) {
    this.#transport = transport
    this.#onStream = onStream
  }

  /** Bytes from the client, in order. What is no SPDY ends the session. */
  receive(bytes: Uint8Array): void {
    this.#work = this.#work
      .then(async () => {
        for (const frame of this.#frames.push(bytes)) await this.#take(frame)
      })
      .catch(() => this.#transport.close())
  }

  /** The carrier is gone. */
  dispose(): void {
    for (const stream of this.#streams.values()) stream.destroy()
    this.#streams.clear()
    this.#headers.dispose()
    this.#replies.dispose()
  }

  async #take(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'synStream':
        return await this.#open(frame.streamId, frame.isLast, await this.#headers.read(frame.block))
      case 'data': {
        const stream = this.#streams.get(frame.streamId)
        if (stream === undefined) return
        if (frame.content.length > 0 && !stream.push(frame.content)) this.#transport.pause()
        if (frame.isLast) stream.push(null)
        return
      }
      case 'reset':
        this.#streams.get(frame.streamId)?.destroy()
        return
      case 'ping':
        return await this.#transport.send(frame.bytes)
      case 'goAway':
        return this.#transport.close()
      case 'other':
        return
    }
  }

  async #open(streamId: number, isLast: boolean, headers: ReadonlyMap<string, string>): Promise<void> {
    const connection = this.#newConnection(streamId)
    this.#streams.set(streamId, connection)
    if (isLast) connection.push(null)
    await this.#transport.send(encodeReply(streamId, await this.#replies.writeEmpty()))
    this.#onStream({ headers, connection })
  }

  #newConnection(streamId: number): Duplex {
    let hasEnded = false
    const send = (content: Uint8Array, isLast: boolean): Promise<void> => {
      hasEnded ||= isLast
      return this.#transport.send(encodeData(streamId, content, isLast))
    }
    const nothing = Buffer.alloc(0)
    return new Duplex({
      allowHalfOpen: true,
      read: () => this.#transport.resume(),
      write: (chunk: Buffer, _encoding, done) => void send(chunk, false).then(() => done(), done),
      final: (done) => void send(nothing, true).then(() => done(), done),
      destroy: (error, done) => {
        this.#streams.delete(streamId)
        this.#transport.resume()
        // A client that is not told would wait for the end.
        if (hasEnded) done(error)
        else void send(nothing, true).then(() => done(error), done)
      },
    })
  }
}
