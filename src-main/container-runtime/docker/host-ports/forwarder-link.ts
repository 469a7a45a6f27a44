/** The port forwarder of the node: a command in the node's container, and the conversation with it. */
import type { Duplex } from 'node:stream'
import { delay } from '../../../base/clock.ts'
import type { Clock } from '../../../base/clock.ts'
import type { Disposable } from '../../../base/disposable.ts'
import type { ForwardedPod, ForwardingAnswer, ForwardingFault } from '../../../common/port-forwarding.ts'
import { PORT_FORWARDER_PROGRAM } from '../../../common/node-layout.ts'
import { CriError } from '../../cri.ts'
import type { EngineClient } from '../engine-client.ts'
import { FrameSplitter } from '../engine-output.ts'

const ANSWER_LIMIT_MS = 10_000
/** Whoever is root on the node may have put another program in its place. */
const MAX_OUTPUT_CHARACTERS = 1024 * 1024
const MAX_COMPLAINT_CHARACTERS = 500

export class ForwarderLink implements Disposable {
  /** Resolves when the forwarder has ended, and its ports with it. */
  readonly ended: Promise<void>
  readonly #connection: Duplex
  readonly #clock: Clock
  #serial = 0
  #output = ''
  #complaint = ''
  #asked: PromiseWithResolvers<ForwardingAnswer> | undefined

  private constructor(connection: Duplex, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
    // Also while nobody reads or writes: what breaks it ends it, and that is what counts.
    connection.on('error', () => undefined)
    this.ended = this.#listen()
  }

  /** Starts the forwarder. @throws EngineError, CriError */
  static async start(
    engine: Pick<EngineClient, 'json' | 'upgrade'>,
    clock: Clock,
    nodeContainerId: string,
  ): Promise<ForwarderLink> {
    const { Id: id } = await engine.json<{ Id: string }>(`/containers/${nodeContainerId}/exec`, {
      method: 'POST',
      body: { AttachStdin: true, AttachStdout: true, AttachStderr: true, Cmd: [PORT_FORWARDER_PROGRAM] },
    })
    const body = { Detach: false, Tty: false }
    return new ForwarderLink(await engine.upgrade(`/exec/${id}/start`, { method: 'POST', body }), clock)
  }

  /** Says what is wanted; one call at a time. @throws CriError Unknown when the forwarder has ended or says nothing */
  async ask(pods: readonly ForwardedPod[]): Promise<ForwardingFault[]> {
    const serial = ++this.#serial
    const asked = Promise.withResolvers<ForwardingAnswer>()
    this.#asked = asked
    const limit = new AbortController()
    const late = delay(this.#clock, ANSWER_LIMIT_MS, limit.signal).catch(() => undefined)
    this.#connection.write(`${JSON.stringify({ serial, pods })}\n`)
    try {
      const answer = await Promise.race([asked.promise, late, this.ended])
      if (answer !== undefined && answer.serial === serial) return answer.faults
      this.#connection.destroy()
      throw new CriError('Unknown', `the port forwarder of the node does not answer${this.#complaint}`)
    } finally {
      limit.abort()
    }
  }

  /** Ends the forwarder; resolves when it has. */
  async dispose(): Promise<void> {
    this.#connection.end()
    const limit = new AbortController()
    const late = delay(this.#clock, ANSWER_LIMIT_MS, limit.signal).catch(() => undefined)
    await Promise.race([this.ended, late])
    limit.abort()
    this.#connection.destroy()
  }

  async #listen(): Promise<void> {
    const splitter = new FrameSplitter()
    try {
      for await (const chunk of this.#connection)
        for (const { stream, data } of splitter.push(chunk as Buffer))
          if (stream === 'stdout') this.#hear(data.toString())
          else this.#complaint = `: ${data.toString().trim()}`.slice(0, MAX_COMPLAINT_CHARACTERS)
    } catch {
      // A broken connection is an ended forwarder: its input has ended too.
    }
  }

  #hear(text: string): void {
    this.#output += text
    const lines = this.#output.split('\n')
    this.#output = lines.pop() ?? ''
    for (const line of lines) this.#answer(line)
    if (this.#output.length > MAX_OUTPUT_CHARACTERS) this.#connection.destroy()
  }

  #answer(line: string): void {
    try {
      this.#asked?.resolve(readAnswer(JSON.parse(line)))
    } catch (error) {
      this.#complaint = `: ${String(error)}`
      this.#connection.destroy()
    }
  }
}

/** @throws CriError when it is no answer */
function readAnswer(value: unknown): ForwardingAnswer {
  const isObject = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null
  if (isObject(value) && typeof value['serial'] === 'number' && Array.isArray(value['faults'])) {
    const faults: unknown[] = value['faults']
    const isFault = (one: unknown): one is ForwardingFault =>
      isObject(one) && typeof one['key'] === 'string' && typeof one['code'] === 'string' && isObject(one['port'])
    if (faults.every(isFault)) return { serial: value['serial'], faults }
  }
  throw new CriError('Unknown', 'the port forwarder of the node says what is no answer')
}
