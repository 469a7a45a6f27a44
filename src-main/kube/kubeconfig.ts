/** Reads a kubeconfig file: where the API server is, whom to believe, and who we are (client-go's clientcmd). */
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'

export interface ClusterAccess {
  /** Such as `https://172.30.0.11:6443`, without a slash at its end. */
  server: string
  /** PEM; absent: the system's authorities. */
  certificateAuthority?: string
  /** PEM, always both. */
  clientCertificate?: string
  clientKey?: string
  token?: string
  /** Another name than the server's address, for its certificate. */
  tlsServerName?: string
  insecureSkipTLSVerify: boolean
  /** Of the context; `default` unless it says otherwise. */
  namespace: string
}

/** `message` names the file and says what is wrong with it, and what was expected. */
export class KubeconfigError extends Error {
  constructor(path: string, problem: string) {
    super(`invalid kubeconfig ${path}: ${problem}`)
    this.name = 'KubeconfigError'
  }
}

/**
 * Follows `current-context`. Files that it names are read relative to its own folder.
 * @throws KubeconfigError
 */
export function readKubeconfig(path: string, readFile: (path: string) => string): ClusterAccess {
  const file = new KubeconfigFile(path, readFile)
  const document = file.document()
  const contextName = text(document['current-context'])
  if (contextName === undefined) throw new KubeconfigError(path, 'current-context is not set')
  const context = file.named(document, 'contexts', 'context', contextName)
  const cluster = file.named(document, 'clusters', 'cluster', text(context['cluster']) ?? '')
  const user = file.named(document, 'users', 'user', text(context['user']) ?? '')
  const server = text(cluster['server'])
  if (server === undefined || !URL.canParse(server))
    throw new KubeconfigError(path, `the cluster's server ${JSON.stringify(server ?? '')} is no address`)
  const certificateAuthority = file.data(cluster, 'certificate-authority')
  const clientCertificate = file.data(user, 'client-certificate')
  const clientKey = file.data(user, 'client-key')
  if ((clientCertificate === undefined) !== (clientKey === undefined))
    throw new KubeconfigError(path, 'a client certificate needs its key, and a key its certificate')
  const tokenFile = text(user['tokenFile'])
  const token = tokenFile === undefined ? text(user['token']) : file.read(tokenFile, 'tokenFile').trim()
  const tlsServerName = text(cluster['tls-server-name'])
  return {
    server: server.replace(/\/+$/, ''),
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(clientCertificate === undefined || clientKey === undefined ? {} : { clientCertificate, clientKey }),
    ...(token === undefined ? {} : { token }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    insecureSkipTLSVerify: cluster['insecure-skip-tls-verify'] === true,
    namespace: text(context['namespace']) ?? 'default',
  }
}

type Fields = Record<string, unknown>

class KubeconfigFile {
  readonly #path: string
  readonly #readFile: (path: string) => string

  constructor(path: string, readFile: (path: string) => string) {
    this.#path = path
    this.#readFile = readFile
  }

  document(): Fields {
    let content: unknown
    try {
      content = parse(this.#readFile(this.#path))
    } catch (error) {
      throw this.#problem(error instanceof Error ? error.message : String(error))
    }
    if (!isFields(content)) throw this.#problem('it is not a map of fields')
    if (content['kind'] !== 'Config') throw this.#problem('its kind is not Config')
    return content
  }

  named(document: Fields, list: string, part: string, name: string): Fields {
    const entries: unknown = document[list]
    const found = Array.isArray(entries)
      ? entries.find((entry) => isFields(entry) && entry['name'] === name)
      : undefined
    const fields: unknown = isFields(found) ? found[part] : undefined
    if (!isFields(fields)) throw this.#problem(`${part} ${JSON.stringify(name)} is not among its ${list}`)
    return fields
  }

  /** Of `FIELD-data` in base64, or else of the file that `FIELD` names. */
  data(fields: Fields, field: string): string | undefined {
    const inline = text(fields[`${field}-data`])
    if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8')
    const path = text(fields[field])
    return path === undefined ? undefined : this.read(path, field)
  }

  read(path: string, field: string): string {
    const full = resolve(dirname(this.#path), path)
    try {
      return this.#readFile(full)
    } catch (error) {
      throw this.#problem(`unable to read ${field} ${full}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  #problem(words: string): KubeconfigError {
    return new KubeconfigError(this.#path, words)
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Empty counts as absent. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
