import { describe, expect, it } from 'vitest'
import { checkDNS1123Label, checkDNS1123Subdomain, checkPortName, isIPAddress, isIPv4Address } from './names.ts'

describe('names', () => {
  it.each(['a', 'a-b', '1', 'a'.repeat(63)])('given %s, then it is a label', (name) => {
    expect(checkDNS1123Label(name)).toEqual([])
  })

  it.each(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a\n', 'a'.repeat(64)])('given %j, then it is no label', (name) => {
    expect(checkDNS1123Label(name)).toHaveLength(1)
  })

  it('given dots, then it is a subdomain, up to 253 characters', () => {
    expect(checkDNS1123Subdomain('a.b-c.d')).toEqual([])
    expect(checkDNS1123Subdomain('a..b')).toHaveLength(1)
    expect(checkDNS1123Subdomain('a'.repeat(254))).toEqual(['must be no more than 253 characters'])
  })

  it('given a bad port name, then every fault is told', () => {
    expect(checkPortName('http')).toEqual([])
    expect(checkPortName('80')).toEqual(['must contain at least one letter (a-z)'])
    expect(checkPortName('a--b')).toEqual(['must not contain consecutive hyphens'])
    expect(checkPortName('averylongportname')).toEqual(['must be no more than 15 characters'])
  })
})

describe('addresses', () => {
  it.each(['1.2.3.4', '::', '::1', '2001:db8::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', 'fe80::1:2'])(
    'given %s, then it is one',
    (text) => {
      expect(isIPAddress(text)).toBe(true)
    },
  )

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::',
    '1.2.3.4::',
  ])('given %j, then it is none', (text) => {
    expect(isIPAddress(text)).toBe(false)
  })

  it('given IPv6, then it is no IPv4 address', () => {
    expect(isIPv4Address('::1')).toBe(false)
  })
})
