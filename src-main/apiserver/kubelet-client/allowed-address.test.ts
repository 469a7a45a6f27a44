/** What Nodes and pods may say of where they are. */
import { describe, expect, test } from 'vitest'
import { forbiddenAddresses, parseGateways, resolveAllowed } from './allowed-address.ts'

const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t01011EAC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t00011EAC\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`

describe('given a machine whose way out is 172.30.1.1', () => {
  const { ofKubelets, ofProxies } = forbiddenAddresses(parseGateways(ROUTES))

  test.each([
    '127.0.0.1',
    'localhost',
    '127.1',
    '0.0.0.0',
    '::1',
    '::ffff:127.0.0.1',
    '169.254.169.254',
    '172.30.1.1',
    '',
  ])('when a status says %j, then a proxy does not go there', async (host) => {
    await expect(resolveAllowed(host, ofProxies)).rejects.toThrow('address not allowed')
  })

  test('when a status says the gateway, then not even a kubelet is looked for there', async () => {
    await expect(resolveAllowed('172.30.1.1', ofKubelets)).rejects.toThrow('address not allowed')
    await expect(resolveAllowed('::ffff:172.30.1.1', ofKubelets)).rejects.toThrow('address not allowed')
  })

  test('when a status says another address of the lab, then it is that address', async () => {
    expect(await resolveAllowed('172.30.1.12', ofKubelets)).toBe('172.30.1.12')
    expect(await resolveAllowed('172.30.1.12', ofProxies)).toBe('172.30.1.12')
  })
})
