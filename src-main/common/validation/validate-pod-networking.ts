/** Validation of a pod's DNS settings, host aliases and host ports. */
import type { Container, PodSpec } from '../api/core.ts'
import { duplicate, type FieldError, invalid, required, unsupported } from './field-error.ts'
import { checkDNS1123Subdomain, isIPAddress } from './names.ts'
import { all } from './validate-metadata.ts'

const DNS_POLICIES: readonly string[] = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const MAX_NAMESERVERS = 3
const MAX_SEARCHES = 32
const MAX_SEARCH_CHARACTERS = 2048

export function validateDNSPolicy(spec: PodSpec, field: string): FieldError[] {
  const policy: string = spec.dnsPolicy ?? ''
  if (policy === '') return [required(`${field}.dnsPolicy`)]
  return DNS_POLICIES.includes(policy) ? [] : [unsupported(`${field}.dnsPolicy`, policy, DNS_POLICIES)]
}

export function validateDNSConfig(spec: PodSpec, field: string): FieldError[] {
  const path = `${field}.dnsConfig`
  const { dnsConfig, dnsPolicy } = spec
  if (dnsConfig === undefined) {
    return dnsPolicy === 'None' ? [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')] : []
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig
  const errors: FieldError[] = []
  if (dnsPolicy === 'None' && nameservers.length === 0) {
    const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None'
    errors.push(required(`${path}.nameservers`, detail))
  }
  if (nameservers.length > MAX_NAMESERVERS) {
    errors.push(invalid(`${path}.nameservers`, nameservers, `must not have more than ${MAX_NAMESERVERS} nameservers`))
  }
  for (const [index, server] of nameservers.entries()) {
    if (isIPAddress(server)) continue
    const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
    errors.push(invalid(`${path}.nameservers[${index}]`, server, detail))
  }
  if (searches.length > MAX_SEARCHES) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${MAX_SEARCHES} search paths`))
  }
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
    const detail = `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`
    errors.push(invalid(`${path}.searches`, searches, detail))
  }
  for (const [index, search] of searches.entries()) {
    const name = search.replace(/\.$/, '')
    // The root alone is allowed, and names of services such as `_tcp.example.com` are.
    if (search !== '.')
      errors.push(...all(`${path}.searches[${index}]`, search, checkDNS1123Subdomain(name.replaceAll('_', 'a'))))
  }
  for (const [index, option] of options.entries()) {
    if ((option.name ?? '') === '') errors.push(required(`${path}.options[${index}]`, 'must not be empty'))
  }
  return errors
}

export function validateHostAliases(spec: PodSpec, field: string): FieldError[] {
  return (spec.hostAliases ?? []).flatMap((alias, index) => {
    const path = `${field}.hostAliases[${index}]`
    const errors = isIPAddress(alias.ip)
      ? []
      : [invalid(`${path}.ip`, alias.ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
    const names = (alias.hostnames ?? []).flatMap((name, at) =>
      all(`${path}.hostnames[${at}]`, name, checkDNS1123Subdomain(name)),
    )
    return [...errors, ...names]
  })
}

/** The same host port twice in one pod, over all containers of one list. */
export function validateHostPortClashes(containers: readonly Container[], field: string): FieldError[] {
  const taken = new Set<string>()
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap((port, at) => {
      const { hostPort = 0, hostIP = '', protocol = 'TCP' } = port
      if (hostPort === 0) return []
      const key = `${protocol}/${hostIP}/${hostPort}`
      const clash = taken.has(key)
      taken.add(key)
      return clash ? [duplicate(`${field}[${index}].ports[${at}].hostPort`, key)] : []
    }),
  )
}
