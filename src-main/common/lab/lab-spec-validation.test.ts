import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLabError } from '../lab-error.ts'
import { formatIPv4, parseIPv4Subnet } from './ipv4-subnet.ts'
import { parseLabSpec, stringifyLabSpec } from './lab-spec-validation.ts'
import type { LabSpec } from './lab-spec.ts'

const SPEC: LabSpec = {
  apiVersion: 'node-lab/v1',
  kind: 'Lab',
  name: 'default',
  subnet: '172.30.7.0/24',
  outsideNetwork: true,
  nodes: [
    { name: 'node01', role: 'control-plane', address: '172.30.7.2', apiServerPort: 40001 },
    { name: 'node02', role: 'worker', address: '172.30.7.127', apiServerPort: 40002, addedBy: 'a run' },
  ],
}
const TEXT = stringifyLabSpec(SPEC)

function refusal(text: string): { message: string; field: string | undefined; remedy: string | undefined } {
  try {
    parseLabSpec(text)
  } catch (error) {
    if (isLabError(error) && error.kind === 'BadRequest')
      return { message: error.message, field: error.details?.['field'], remedy: error.remedy }
    throw error
  }
  throw new Error('not refused')
}

describe('lab.yaml', () => {
  it('given a spec, when written and read, then it is the same', () => {
    expect(parseLabSpec(TEXT)).toEqual(SPEC)
  })

  it('given simulated nodes, when written and read, then their ranges are the same, and the shortest', () => {
    const spec: LabSpec = { ...SPEC, simulatedNodes: ['sim001-sim200', 'sim205'] }
    expect(parseLabSpec(stringifyLabSpec(spec))).toEqual(spec)
    expect(parseLabSpec(`${TEXT}simulatedNodes: [sim002, sim001]`).simulatedNodes).toEqual(['sim001-sim002'])
    expect(parseLabSpec(`${TEXT}simulatedNodes: []`)).toEqual({ ...SPEC, simulatedNodes: [] })
  })

  it.each([
    ['sim001-sim999', 'simulatedNodes[0]'],
    ['7', 'simulatedNodes[0]'],
  ])('given simulated nodes %s, then they are refused', (range, field) => {
    expect(refusal(`${TEXT}simulatedNodes: [${range}]`).field).toBe(field)
    expect(refusal(`${TEXT}simulatedNodes: ${range}`).field).toBe('simulatedNodes')
  })

  it('given a node that has a simulated one’s name, then both together are refused', () => {
    const text = TEXT.replace('node02', 'sim002')
    expect(parseLabSpec(text).nodes[1]?.name).toBe('sim002')
    expect(refusal(`${text}simulatedNodes: [sim001]`).message).toContain('sim002')
  })

  it('given names that YAML would read as something else, when written and read, then they are the same', () => {
    const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/)
    const names = fc.oneof(label, fc.constantFrom('on', 'no', 'null', '0o17', '1e3', '0777', 'y'))
    fc.assert(
      fc.property(names, names, (lab, node) => {
        const spec: LabSpec = {
          ...SPEC,
          name: lab,
          nodes: SPEC.nodes.slice(0, 1).map((first) => ({ ...first, name: node })),
        }
        expect(parseLabSpec(stringifyLabSpec(spec))).toEqual(spec)
      }),
    )
  })

  it.each<[string, string, string]>([
    ['apiVersion: "node-lab/v1"', 'apiVersion: "v2"', 'apiVersion'],
    ['kind: "Lab"', 'kind: "Pod"', 'kind'],
    ['name: "default"', 'name: "De fault"', 'name'],
    ['name: "default"', 'name: 5', 'name'],
    ['name: "default"', 'name: "default"\nname: "other"', 'name'],
    ['name: "default"', 'name: "default"\nextra: 1', 'extra'],
    ['name: "default"\n', '', 'name'],
    ['172.30.7.0/24', '172.30.7.1/24', 'subnet'],
    ['172.30.7.0/24', '172.30.7.0/30', 'subnet'],
    ['172.30.7.0/24', 'fd00::/64', 'subnet'],
    ['outsideNetwork: true', 'outsideNetwork: "true"', 'outsideNetwork'],
    ['role: "worker"', 'role: "boss"', 'nodes[1].role'],
    ['172.30.7.127', '172.30.7.128', 'nodes[1].address'],
    ['172.30.7.127', '172.30.7.1', 'nodes[1].address'],
    ['172.30.7.127', '172.30.7.0', 'nodes[1].address'],
    ['172.30.7.127', '10.0.0.5', 'nodes[1].address'],
    ['172.30.7.127', '172.30.7.2', 'nodes[1].address'],
    ['40002', '40001', 'nodes[1].apiServerPort'],
    ['40002', '1023', 'nodes[1].apiServerPort'],
    ['40002', '65536', 'nodes[1].apiServerPort'],
    ['40002', '"40002"', 'nodes[1].apiServerPort'],
    ['name: "node02"', 'name: "node01"', 'nodes[1].name'],
    ['name: "node02"', 'name: "node02"\n    token: "x"', 'nodes[1].token'],
  ])('given %j changed to %j, then %s is refused with line and remedy', (from, to, field) => {
    const result = refusal(TEXT.replace(from, to))
    expect(result.field).toBe(field)
    expect(result.message).toMatch(/^lab\.yaml:\d+: /)
    expect(result.remedy).toMatch(/\.$/)
  })

  it.each(['', '- a', 'a: [', 'a: &a [*a]', `${TEXT}---\n${TEXT}`, 'nodes: 5', '\0'])(
    'given %j, then it is refused',
    (text) => {
      expect(refusal(text).message).toMatch(/^lab\.yaml/)
    },
  )

  it('given a fault, then the line is that of the fault', () => {
    expect(refusal(TEXT.replace('role: "worker"', 'role: "boss"')).message).toBe(
      'lab.yaml:12: nodes[1].role cannot be "boss"',
    )
  })

  it('given any text, then what is thrown is a LabError', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(refusal(text).message).toContain('lab.yaml')
      }),
    )
  })
})

describe('subnets', () => {
  it('given a network, then its addresses are numbers and back', () => {
    expect(parseIPv4Subnet('10.1.2.0/24')).toEqual({ network: 10 * 2 ** 24 + 2 ** 16 + 2 * 256, prefix: 24, size: 256 })
    expect(formatIPv4(parseIPv4Subnet('192.168.255.0/24')?.network ?? 0)).toBe('192.168.255.0')
    expect(parseIPv4Subnet('10.1.2.0/33')).toBeUndefined()
    expect(parseIPv4Subnet('10.1.2.0')).toBeUndefined()
    expect(parseIPv4Subnet('10.1.02.0/24')).toBeUndefined()
  })
})
