import { describe, expect, it } from 'vitest'
import { chooseNodeAddress, chooseSubnet, computeSubnetLayout, findClashes, moveAddress } from './choose-subnet.ts'
import { parseRoutes } from './host-network.ts'

describe('choosing a subnet', () => {
  it.each<[string, string[], string]>([
    ['nothing is in use', [], '172.30.0.0/24'],
    ['the first is in use', ['172.30.0.0/24'], '172.30.1.0/24'],
    ['a part of it is in use', ['172.30.0.128/25'], '172.30.1.0/24'],
    ['a larger network covers a pool', ['172.16.0.0/12'], '10.213.0.0/24'],
    ['single addresses are routed', ['172.30.0.5/32', '172.30.1.0/32'], '172.30.2.0/24'],
    ['what is in use is no IPv4', ['fd00::/64', 'rubbish'], '172.30.0.0/24'],
  ])('given that %s, then the first free one is taken', (_what, taken, expected) => {
    expect(chooseSubnet(taken)).toBe(expected)
    expect(findClashes(expected, taken)).toEqual([])
  })

  it('given that everything is in use, then it is a conflict with a remedy', () => {
    expect(() => chooseSubnet(['0.0.0.0/0'])).toThrow(/no free address range/)
  })
})

describe('addresses in a subnet', () => {
  it('given a /24, then pods get the upper half and the gateway is the first', () => {
    expect(computeSubnetLayout('172.30.7.0/24')).toEqual({ gateway: '172.30.7.1', ipRange: '172.30.7.128/25' })
  })

  it('given a small subnet, then nodes begin behind the gateway and the lower half is their end', () => {
    const used: string[] = []
    for (let count = 0; count < 6; count++) used.push(chooseNodeAddress('10.0.0.0/28', used))
    expect(used).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.7'])
    expect(() => chooseNodeAddress('10.0.0.0/28', used)).toThrow(/no address left/)
  })

  it('given a hole, then the lowest free address is taken', () => {
    expect(chooseNodeAddress('172.30.0.0/24', ['172.30.0.11', '172.30.0.13'])).toBe('172.30.0.12')
  })

  it('given a move to a smaller subnet, then an address that does not fit is none', () => {
    expect(moveAddress('10.1.0.11', '10.1.0.0/16', '172.30.0.0/24')).toBe('172.30.0.11')
    expect(moveAddress('10.1.2.11', '10.1.0.0/16', '172.30.0.0/24')).toBe('')
  })
})

describe('routes of a Linux machine', () => {
  it('given its table, then subnets are read and the default route is not one', () => {
    const table = [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
      'eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
      'tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0',
      '',
    ].join('\n')
    expect(parseRoutes(table)).toEqual(['192.168.1.0/24', '10.0.0.0/8'])
  })
})
