import { describe, expect, it } from 'vitest'
import type { HostPort } from '../../../common/port-forwarding.ts'
import type { PortMapping } from '../../cri.ts'
import { aPodSandboxConfig } from '../../testing/configs.ts'
import { computeHostPorts, describeFault } from './compute-host-ports.ts'

const mapping: PortMapping = { protocol: 'TCP', containerPort: 80, hostPort: 8080, hostIp: '' }
const withMappings = (...portMappings: PortMapping[]) => ({ ...aPodSandboxConfig(), portMappings })

describe('computeHostPorts', () => {
  it('given mappings, then those with a host port are opened, on all addresses unless one is named', () => {
    const udp: PortMapping = { protocol: 'UDP', containerPort: 53, hostPort: 53, hostIp: '127.0.0.1' }
    expect(computeHostPorts(withMappings(mapping, { ...mapping, hostPort: 0 }, udp))).toEqual([
      { protocol: 'TCP', containerPort: 80, hostPort: 8080, hostIp: '0.0.0.0' },
      { protocol: 'UDP', containerPort: 53, hostPort: 53, hostIp: '127.0.0.1' },
    ])
  })

  it('given a pod in the network of the node, then none: its containers listen there themselves', () => {
    const config = withMappings(mapping)
    config.linux.securityContext.namespaceOptions.network = 'NODE'
    expect(computeHostPorts(config)).toEqual([])
  })

  it.each<[string, Partial<PortMapping>, string]>([
    ['SCTP', { protocol: 'SCTP' }, 'host port 8080/SCTP is not supported'],
    ['a port that is none', { hostPort: 70_000 }, 'port 70000 is not between 1 and 65535'],
    ['no container port', { containerPort: 0 }, 'port 0 is not between 1 and 65535'],
    ['an address that is none', { hostIp: '$(reboot)' }, 'hostIP "$(reboot)" is not an address'],
  ])('given %s, then InvalidArgument with the reason', (_name, change, reason) => {
    const config = withMappings({ ...mapping, ...change })
    expect(() => computeHostPorts(config)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
    expect(() => computeHostPorts(config)).toThrow(reason)
  })

  it('given the same port twice, then InvalidArgument', () => {
    expect(() => computeHostPorts(withMappings(mapping, { ...mapping, containerPort: 81 }))).toThrow(
      'host port 8080/TCP is asked for twice',
    )
  })
})

describe('describeFault', () => {
  const port: HostPort = { protocol: 'TCP', hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80 }
  const key = 'node-lab.t.node01.k8s_POD_new-node01_default_u2_0'
  const other = (change: Partial<HostPort>) => [
    { key: 'node-lab.t.node01.k8s_POD_old-node01_prod_u1_0', podIp: '', ports: [{ ...port, ...change }] },
  ]

  it('given a port that another pod has, then that pod is named', () => {
    expect(describeFault('node01', { key, port, code: 'EADDRINUSE' }, other({ hostIp: '127.0.0.1' }))).toBe(
      'host port 8080/TCP cannot be opened on node01: the port is in use there by pod prod/old-node01',
    )
  })

  it('given a port that a program of the node has, then nobody is accused', () => {
    expect(describeFault('node01', { key, port, code: 'EADDRINUSE' }, other({ protocol: 'UDP' }))).toBe(
      'host port 8080/TCP cannot be opened on node01: the port is in use there',
    )
  })

  it('given an address that the node does not have, then the address is named', () => {
    const elsewhere = { ...port, hostIp: '10.9.9.9' }
    expect(describeFault('node01', { key, port: elsewhere, code: 'EADDRNOTAVAIL' }, [])).toBe(
      'host port 10.9.9.9:8080/TCP cannot be opened on node01: 10.9.9.9 is not an address of this node',
    )
  })
})
