/** The client of an API server over HTTPS (client-go's rest package), JSON only. */
import type { IncomingMessage } from 'node:http'
import { delay, type Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import { groupVersion, type ApiObject, type GroupVersionResource, type ObjectList } from '../common/api/api-object.ts'
import type { Status } from '../common/api/status.ts'
import type {
  ApiClient,
  DeleteOptions,
  ListOptions,
  ObjectAddress,
  PatchType,
  WatchOptions,
  WatchStream,
} from './api-client.ts'
import { HttpTransport, type TransportRequest } from './http-transport.ts'
import type { ClusterAccess } from './kubeconfig.ts'
import { collectionPath, collectionQuery, objectPath } from './resource-path.ts'
import { StatusError, internalError } from './status-error.ts'
import { openWatchStream } from './watch-stream.ts'

const ANSWER_TIMEOUT_MS = 30_000
/** So often a request is repeated that the server was too busy for. */
const BUSY_RETRIES = 10

export interface RestClientOptions {
  access: ClusterAccess
  /** As in `kubelet/v1.35.0`. */
  userAgent: string
  clock: Clock
  /** For the head of an answer; 30 s unless told otherwise. */
  timeoutMs?: number
}

export class RestClient implements ApiClient, Disposable {
  readonly #transport: HttpTransport
  readonly #clock: Clock
  readonly #timeoutMs: number

  constructor(options: RestClientOptions) {
    this.#transport = new HttpTransport(options.access, options.userAgent)
    this.#clock = options.clock
    this.#timeoutMs = options.timeoutMs ?? ANSWER_TIMEOUT_MS
  }

  /** Closes every connection; what is under way fails. */
  dispose(): void {
    this.#transport.dispose()
  }

  getPath<Answer>(path: string): Promise<Answer> {
    return this.#json({ method: 'GET', path })
  }

  get<Kind extends ApiObject>(of: GroupVersionResource, address: ObjectAddress): Promise<Kind> {
    return this.#json({ method: 'GET', path: objectPath(of, address) })
  }

  async list<Kind extends ApiObject>(of: GroupVersionResource, options: ListOptions = {}): Promise<ObjectList<Kind>> {
    const list = await this.#json<ObjectList<Kind>>({ method: 'GET', path: collectionQuery(of, options) })
    // Items of a list leave out what its own kind says.
    const kind = list.kind.replace(/List$/, '')
    for (const item of list.items) {
      item.apiVersion ??= groupVersion(of)
      item.kind ??= kind
    }
    return list
  }

  async watch<Kind extends ApiObject>(of: GroupVersionResource, options: WatchOptions): Promise<WatchStream<Kind>> {
    const path = collectionQuery(of, { ...options, watch: true })
    return openWatchStream<Kind>(await this.#answer({ method: 'GET', path }))
  }

  create<Kind extends ApiObject>(of: GroupVersionResource, object: Kind, address?: ObjectAddress): Promise<Kind> {
    const path = address === undefined ? collectionPath(of, object.metadata.namespace) : objectPath(of, address)
    return this.#json({ method: 'POST', path, body: jsonBody(object) })
  }

  update<Kind extends ApiObject>(of: GroupVersionResource, object: Kind, subresource?: string): Promise<Kind> {
    const { namespace = '', name = '' } = object.metadata
    const path = objectPath(of, { namespace, name, ...(subresource === undefined ? {} : { subresource }) })
    return this.#json({ method: 'PUT', path, body: jsonBody(object) })
  }

  patch<Kind extends ApiObject>(
    of: GroupVersionResource,
    address: ObjectAddress,
    type: PatchType,
    patch: unknown,
  ): Promise<Kind> {
    return this.#json({
      method: 'PATCH',
      path: objectPath(of, address),
      body: { contentType: type, text: JSON.stringify(patch) },
    })
  }

  async delete(of: GroupVersionResource, address: ObjectAddress, options: DeleteOptions = {}): Promise<void> {
    const body = jsonBody({ kind: 'DeleteOptions', apiVersion: 'v1', ...options })
    await this.#json({ method: 'DELETE', path: objectPath(of, address), body })
  }

  async #json<Answer>(asked: Omit<TransportRequest, 'timeoutMs'>): Promise<Answer> {
    const sent = { ...asked, timeoutMs: this.#timeoutMs }
    return parseJSON<Answer>(await this.#transport.read(await this.#answer(asked), sent))
  }

  /** The head of a good answer; one that says "too busy" is waited for. */
  async #answer(asked: Omit<TransportRequest, 'timeoutMs'>): Promise<IncomingMessage> {
    const sent = { ...asked, timeoutMs: this.#timeoutMs }
    for (let retries = 0; ; retries++) {
      const answer = await this.#transport.send(sent)
      const { statusCode = 0 } = answer
      if (statusCode >= 200 && statusCode < 300) return answer
      const waitSeconds = Number(answer.headers['retry-after'])
      const failure = statusErrorOf(statusCode, await this.#transport.read(answer, sent))
      const isBusy = statusCode === 429 || statusCode >= 500
      if (!isBusy || !(waitSeconds > 0) || retries >= BUSY_RETRIES) throw failure
      await delay(this.#clock, waitSeconds * 1000)
    }
  }
}

function jsonBody(value: unknown): NonNullable<TransportRequest['body']> {
  return { contentType: 'application/json', text: JSON.stringify(value) }
}

function parseJSON<Answer>(text: string): Answer {
  try {
    return JSON.parse(text) as Answer
  } catch (error) {
    throw internalError(`the answer is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Proxies and broken servers answer without a Status. */
function statusErrorOf(code: number, body: string): StatusError {
  try {
    const status = JSON.parse(body) as Partial<Status> | null
    if (status?.kind === 'Status') return new StatusError({ ...(status as Status), code: status.code ?? code })
  } catch {
    // Not JSON: its text is all that there is to tell.
  }
  const message = body.trim().slice(0, 1024)
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: message === '' ? `the server answered with status ${code}` : message,
    reason: '',
    code,
  })
}
