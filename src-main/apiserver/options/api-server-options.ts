/** What the command line, and the files that it names, mean. */
import { forbiddenAddresses } from '../kubelet-client/allowed-address.ts'
import { parseGoDuration } from '../../common/api/duration.ts'
import type { NodeAddress } from '../../common/api/node.ts'
import { parseComponentFlags } from '../../kube/component/component-flags.ts'
import { parseSigningKey, parseVerificationKeys } from '../authentication/service-account-keys.ts'
import type { SecurityOptions } from '../create-security-parts.ts'
import type { ListenOptions } from '../server/api-listener.ts'
import type { EtcdClientOptions } from '../storage/etcd/etcd-client.ts'
import { API_SERVER_FLAGS } from './api-server-flags.ts'

export interface ApiServerConfiguration {
  etcd: EtcdClientOptions
  listen: ListenOptions
  /** Where clients and other components reach this server. */
  advertiseAddress: string
  security: SecurityOptions
  /** `--max-requests-inflight` and `--max-mutating-requests-inflight` together; 0: no limit of its own. */
  maxInflight: number
  /** First address of `--service-cluster-ip-range`: the `kubernetes` service has it. */
  serviceAddress: string
  eventTtlSeconds: number
  shutdownDelayMs: number
  /** Given, and without an effect here. */
  ignoredFlags: readonly string[]
}

/** The process ends at once: `--help`, `--version`. */
export class OptionsExit extends Error {}

const DEFAULT_SERVICE_RANGE = '10.0.0.0/24'

/**
 * @param readFile throws when a file cannot be read
 * @param gateways of this machine: no Node or pod is behind them
 * @throws OptionsExit, FlagError for the command line itself, Error for what it asks for
 */
export function readConfiguration(
  argv: readonly string[],
  readFile: (path: string) => string,
  primaryAddress: () => string,
  gateways: readonly string[] = [],
): ApiServerConfiguration {
  const { values, ignored } = parseComponentFlags(argv, API_SERVER_FLAGS)
  if (values.get('help') === 'true') throw new OptionsExit('help')
  if (values.has('version')) throw new OptionsExit('version')
  const reader = new FlagReader(values, readFile)
  const range = reader.text('service-cluster-ip-range', DEFAULT_SERVICE_RANGE)
  const problems = findProblems(reader)
  if (problems.length > 0) throw new Error(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`)
  return {
    etcd: readEtcd(reader),
    listen: readListen(reader),
    advertiseAddress: reader.text('advertise-address', '') || primaryAddress(),
    security: readSecurity(reader, gateways),
    maxInflight: reader.number('max-requests-inflight', 400) + reader.number('max-mutating-requests-inflight', 200),
    serviceAddress: firstAddress(range),
    eventTtlSeconds: Math.round(reader.durationMs('event-ttl', '1h0m0s') / 1000),
    shutdownDelayMs: reader.durationMs('shutdown-delay-duration', '0s'),
    ignoredFlags: ignored,
  }
}

class FlagReader {
  readonly #values: ReadonlyMap<string, string>
  readonly #readFile: (path: string) => string

  constructor(values: ReadonlyMap<string, string>, readFile: (path: string) => string) {
    this.#values = values
    this.#readFile = readFile
  }

  text(name: string, fallback: string): string {
    return this.#values.get(name) ?? fallback
  }

  number(name: string, fallback: number): number {
    return Number(this.#values.get(name) ?? fallback)
  }

  list(name: string, fallback: string): string[] {
    return this.text(name, fallback)
      .split(',')
      .filter((part) => part !== '')
  }

  durationMs(name: string, fallback: string): number {
    return parseGoDuration(this.text(name, fallback)) ?? 0
  }

  /** The content of the file that the flag names. */
  file(name: string): string | undefined {
    const path = this.text(name, '')
    return path === '' ? undefined : this.#readFile(path)
  }
}

function findProblems(reader: FlagReader): string[] {
  const problems: string[] = []
  if (reader.list('etcd-servers', '').length === 0) problems.push('--etcd-servers must be specified')
  const port = reader.number('secure-port', 6443)
  if (port < 1 || port > 65535)
    problems.push(`--secure-port ${port} must be between 1 and 65535, inclusive. It cannot be turned off with 0`)
  if (reader.text('service-account-issuer', '') === '')
    problems.push('service-account-issuer is a required flag', 'valid URL is required for --service-account-issuer')
  if (reader.text('service-account-signing-key-file', '') === '')
    problems.push('service-account-signing-key-file is a required flag')
  return problems
}

function readEtcd(reader: FlagReader): EtcdClientOptions {
  const caFile = reader.text('etcd-cafile', '')
  const certFile = reader.text('etcd-certfile', '')
  const keyFile = reader.text('etcd-keyfile', '')
  return {
    servers: reader.list('etcd-servers', ''),
    ...(caFile === '' ? {} : { caFile }),
    ...(certFile === '' ? {} : { certFile }),
    ...(keyFile === '' ? {} : { keyFile }),
  }
}

function readListen(reader: FlagReader): ListenOptions {
  const certificate = reader.file('tls-cert-file')
  const key = reader.file('tls-private-key-file')
  // Upstream makes a pair of its own here; a client could not trust it.
  if (certificate === undefined || key === undefined)
    throw new Error('--tls-cert-file and --tls-private-key-file must be specified')
  const clientAuthorities = [reader.file('client-ca-file'), reader.file('requestheader-client-ca-file')]
  return {
    host: reader.text('bind-address', '0.0.0.0'),
    port: reader.number('secure-port', 6443),
    tls: { certificate, key, clientAuthorities: clientAuthorities.filter((pem) => pem !== undefined) },
  }
}

function readSecurity(reader: FlagReader, gateways: readonly string[]): SecurityOptions {
  const issuers = reader.list('service-account-issuer', '')
  const [issuer] = issuers
  const requestHeaderAuthorities = reader.file('requestheader-client-ca-file')
  const signingKey = reader.file('service-account-signing-key-file')
  const audiences = reader.list('api-audiences', '')
  return {
    authentication: {
      clientAuthorities: reader.file('client-ca-file'),
      requestHeader:
        requestHeaderAuthorities === undefined
          ? undefined
          : {
              authorities: requestHeaderAuthorities,
              allowedNames: reader.list('requestheader-allowed-names', ''),
              usernameHeaders: reader.list('requestheader-username-headers', ''),
              groupHeaders: reader.list('requestheader-group-headers', ''),
              extraHeaderPrefixes: reader.list('requestheader-extra-headers-prefix', ''),
            },
      serviceAccounts:
        issuer === undefined
          ? undefined
          : {
              issuers: [issuer, ...issuers.slice(1)],
              audiences: audiences.length === 0 ? issuers : audiences,
              verificationKeys: parseVerificationKeys(reader.file('service-account-key-file') ?? signingKey ?? ''),
              signingKey: signingKey === undefined ? undefined : parseSigningKey(signingKey),
            },
      anonymous: reader.text('anonymous-auth', 'true') === 'true',
    },
    authorizationModes: reader.text('authorization-mode', 'AlwaysAllow'),
    admission: {
      enabled: reader.list('enable-admission-plugins', ''),
      disabled: reader.list('disable-admission-plugins', ''),
    },
    defaultTolerations: {
      notReadySeconds: reader.number('default-not-ready-toleration-seconds', 300),
      unreachableSeconds: reader.number('default-unreachable-toleration-seconds', 300),
    },
    kubelet: {
      certificate: reader.file('kubelet-client-certificate'),
      key: reader.file('kubelet-client-key'),
      authorities: reader.file('kubelet-certificate-authority'),
      addressTypes: readAddressTypes(reader),
      forbidden: forbiddenAddresses(gateways),
    },
  }
}

const ADDRESS_TYPES: readonly NodeAddress['type'][] = [
  'Hostname',
  'InternalDNS',
  'InternalIP',
  'ExternalDNS',
  'ExternalIP',
]

function readAddressTypes(reader: FlagReader): NodeAddress['type'][] {
  return reader
    .list('kubelet-preferred-address-types', ADDRESS_TYPES.join(','))
    .flatMap((name) => ADDRESS_TYPES.find((type) => type === name) ?? [])
}

/** The one after the network's own address. @throws Error for what is no range of IP version 4 */
function firstAddress(range: string): string {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range.split(',')[0] ?? '')
  if (match === null) throw new Error(`error determining service IP ranges: invalid CIDR address: ${range}`)
  const [, first, second, third, fourth] = match
  return `${first}.${second}.${third}.${Number(fourth) + 1}`
}
