/** What of the configuration is about the kubelet's HTTP servers (facts 5.1). */
import { parseGoDuration } from '../../common/api/duration.ts'
import type { KubeletConfiguration } from '../options/kubelet-configuration.ts'

export interface Listener {
  address: string
  port: number
}

export interface ServerSettings {
  /** The server with TLS, authentication and authorisation; `null` with `enableServer: false`. */
  secure: Listener | null
  /** Plain HTTP, reading only, for everybody; `null` unless `readOnlyPort` is set. */
  readOnly: Listener | null
  /** Plain HTTP, health only; `null` with port 0. */
  healthz: Listener | null
  /** Without them only what the read-only server has is served (facts 5.2). */
  debuggingHandlers: boolean
  systemLogHandler: boolean
  timeouts: ServerTimeouts
  tls: TlsSettings
  access: AccessSettings
}

/** After them a client that does not read, or has forgotten its connection, has it no longer. */
export interface ServerTimeouts {
  /** From a request to the last byte of its answer; a log that is followed ends with it, as upstream's. */
  answerMs: number
  /** How long nothing may pass on a stream; 0: for ever. */
  streamIdleMs: number
}

/** The write timeout of upstream's server, and the default of `streamingConnectionIdleTimeout`. */
const FOUR_HOURS_MS = 4 * 3_600_000

export interface TlsSettings {
  /** Empty: a self-signed pair is made. */
  certFile: string
  keyFile: string
  /** `VersionTLS12` and the like; empty: TLS 1.2. */
  minVersion: string
  /** In the names of IANA, as Go has them; empty: the defaults. */
  cipherSuites: readonly string[]
}

export interface AccessSettings {
  anonymous: boolean
  /** Tokens are shown to the API server. */
  tokenWebhook: boolean
  /** Whoever has a certificate of it is who that says; empty: certificates are not asked for. */
  clientCAFile: string
  /** `AlwaysAllow` or `Webhook`; anything else is refused at the start. */
  authorizationMode: string
}

/** @param configuration with its defaults filled in */
export function computeServerSettings(configuration: KubeletConfiguration): ServerSettings {
  const { authentication, authorization, address = '0.0.0.0' } = configuration
  const listener = (at: string, port: number | undefined): Listener | null =>
    port === undefined || port <= 0 ? null : { address: at, port }
  return {
    secure: configuration.enableServer === false ? null : listener(address, configuration.port),
    readOnly: listener(address, configuration.readOnlyPort),
    healthz: listener(configuration.healthzBindAddress ?? '127.0.0.1', configuration.healthzPort),
    debuggingHandlers: configuration.enableDebuggingHandlers ?? true,
    systemLogHandler: configuration.enableSystemLogHandler ?? true,
    timeouts: {
      answerMs: FOUR_HOURS_MS,
      streamIdleMs: parseGoDuration(configuration.streamingConnectionIdleTimeout ?? '') ?? FOUR_HOURS_MS,
    },
    tls: {
      certFile: configuration.tlsCertFile ?? '',
      keyFile: configuration.tlsPrivateKeyFile ?? '',
      minVersion: configuration.tlsMinVersion ?? '',
      cipherSuites: configuration.tlsCipherSuites ?? [],
    },
    access: {
      anonymous: authentication?.anonymous?.enabled ?? false,
      tokenWebhook: authentication?.webhook?.enabled ?? false,
      clientCAFile: authentication?.x509?.clientCAFile ?? '',
      authorizationMode: authorization?.mode ?? '',
    },
  }
}
