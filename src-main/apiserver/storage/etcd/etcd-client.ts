/** A connection to etcd: calls with deadlines, and streams. */
import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import {
  Client,
  connectivityState,
  credentials,
  Metadata,
  status,
  type ChannelCredentials,
  type ClientDuplexStream,
  type ServiceError,
} from '@grpc/grpc-js'
import { decode, encode, type DecodedMessage, type EncodableMessage } from '../../../base/protobuf.ts'
import { StoreError } from '../store.ts'
import { UNARY_METHODS, WATCH_PATH, WATCH_REQUEST, WATCH_RESPONSE, type UnaryMethodName } from './etcd-messages.ts'

/** As the API server's flags: `--etcd-servers`, `--etcd-cafile`, `--etcd-certfile`, `--etcd-keyfile`. */
export interface EtcdClientOptions {
  /** `https://127.0.0.1:2379`, `http://…` or `unix:///path`; several only with addresses of IP version 4. */
  servers: readonly string[]
  caFile?: string
  certFile?: string
  keyFile?: string
  /** How long a call waits for a connection: etcd may just be starting again. */
  connectMs?: number
}

const CONNECT_MS = 2000
/** etcd itself gives up on a request after seven seconds. */
const CALL_MS = 10_000

type Methods = typeof UNARY_METHODS
export type WatchStream = ClientDuplexStream<
  EncodableMessage<typeof WATCH_REQUEST>,
  DecodedMessage<typeof WATCH_RESPONSE>
>

/** etcd said no: with gRPC's status code. Other failures are `StoreError` `unavailable`. */
export class EtcdRefusal extends Error {
  readonly code: number

  constructor(error: ServiceError) {
    super(error.details)
    this.name = 'EtcdRefusal'
    this.code = error.code
  }

  get isCompacted(): boolean {
    return this.code === status.OUT_OF_RANGE && this.message.includes('compacted')
  }

  get isFutureRevision(): boolean {
    return this.code === status.OUT_OF_RANGE && this.message.includes('future revision')
  }

  get isLeaseNotFound(): boolean {
    return this.code === status.NOT_FOUND && this.message.includes('lease')
  }
}

export class EtcdClient {
  readonly #client: Client
  readonly #connectMs: number

  /** Connects when it is first used, and again whenever etcd is back. @throws when a file cannot be read or a URL is none. */
  constructor(options: EtcdClientOptions) {
    this.#connectMs = options.connectMs ?? CONNECT_MS
    this.#client = new Client(computeTarget(options.servers), credentialsOf(options), {
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.min_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 250,
      // As the API server's: a machine that went away without a word is found out.
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.enable_channelz': 0,
      // A connection that another client has may be breaking just now, and this one would not know.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.service_config_disable_resolution': 1,
      'grpc.enable_retries': 0,
      ...serverNameOf(options.servers),
    })
  }

  /**
   * One call, sent at most once.
   * @throws EtcdRefusal, or StoreError `unavailable`: it may or may not have been carried out
   */
  async call<Name extends UnaryMethodName>(
    name: Name,
    request: EncodableMessage<Methods[Name]['request']>,
  ): Promise<DecodedMessage<Methods[Name]['response']>> {
    await this.#connected()
    const method = UNARY_METHODS[name]
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method.path,
        (message: EncodableMessage<typeof method.request>) => encode(method.request, message),
        (bytes: Buffer) => decode(method.response, bytes),
        request as EncodableMessage<typeof method.request>,
        new Metadata(),
        { deadline: Date.now() + CALL_MS },
        (error, response) => {
          if (error !== null) reject(fromServiceError(error))
          else if (response === undefined) reject(unavailable(`etcd answered ${name} with nothing`))
          else resolve(response as DecodedMessage<Methods[Name]['response']>)
        },
      )
    })
  }

  /** A stream of its own; it waits for a connection as long as that takes. */
  openWatch(): WatchStream {
    return this.#client.makeBidiStreamRequest(
      WATCH_PATH,
      (request: EncodableMessage<typeof WATCH_REQUEST>) => encode(WATCH_REQUEST, request),
      (bytes: Buffer) => decode(WATCH_RESPONSE, bytes),
      new Metadata({ waitForReady: true }),
    )
  }

  close(): void {
    this.#client.close()
  }

  #connected(): Promise<void> {
    if (this.#client.getChannel().getConnectivityState(true) === connectivityState.READY) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(Date.now() + this.#connectMs, (error) => {
        if (error === undefined) resolve()
        else reject(unavailable('there is no connection to etcd'))
      })
    })
  }
}

export function unavailable(message: string): StoreError {
  return new StoreError({ kind: 'unavailable', message })
}

/** Codes by which etcd tells that it has refused a request, which therefore was not carried out. */
const REFUSALS: ReadonlySet<number> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.OUT_OF_RANGE,
  status.RESOURCE_EXHAUSTED,
])

function fromServiceError(error: ServiceError): Error {
  return REFUSALS.has(error.code) ? new EtcdRefusal(error) : unavailable(`etcd: ${error.details}`)
}

function computeTarget(servers: readonly string[]): string {
  const urls = servers.map((server) => new URL(server))
  const [first] = urls
  if (first === undefined) throw new Error('--etcd-servers must name a server')
  if (first.protocol === 'unix:') return `unix:${first.pathname}`
  if (urls.every(({ hostname }) => isIPv4(hostname))) return `ipv4:${urls.map(({ host }) => host).join(',')}`
  if (urls.length > 1) throw new Error('--etcd-servers: several servers must have addresses of IP version 4')
  return `dns:///${first.host}`
}

/** A server's name in the handshake may not be an address; the certificate is still checked for the address. */
function serverNameOf(servers: readonly string[]): { 'grpc.ssl_target_name_override'?: string } {
  return servers.some((server) => isIPv4(new URL(server).hostname))
    ? { 'grpc.ssl_target_name_override': 'localhost' }
    : {}
}

function credentialsOf({ servers, caFile, certFile, keyFile }: EtcdClientOptions): ChannelCredentials {
  if (!servers.some((server) => server.startsWith('https:'))) return credentials.createInsecure()
  const read = (path: string | undefined): Buffer | null => (path === undefined ? null : readFileSync(path))
  const identify = (_: string, certificate: PeerCertificate): Error | undefined => {
    const faults = servers.map((server) => checkServerIdentity(new URL(server).hostname, certificate))
    return faults.includes(undefined) ? undefined : faults[0]
  }
  return credentials.createSsl(read(caFile), read(keyFile), read(certFile), { checkServerIdentity: identify })
}
