import { describe, expect, it } from 'vitest'
import {
  formatSimulatedNodes,
  isReservedNodeName,
  listSimulatedNodes,
  MAX_SIMULATED_NODES,
  simulatedRangeFault,
  withMoreSimulatedNodes,
} from './simulated-nodes.ts'

describe('given ranges of simulated nodes', () => {
  it('when they are listed and written again, then they are as short as can be', () => {
    expect(listSimulatedNodes(['sim009-sim011', 'sim002', 'sim010'])).toEqual(['sim002', 'sim009', 'sim010', 'sim011'])
    expect(formatSimulatedNodes(['sim011', 'sim002', 'sim003', 'sim010'])).toEqual(['sim002-sim003', 'sim010-sim011'])
    expect(formatSimulatedNodes([])).toEqual([])
  })

  it('when more are wanted, then gaps are filled first, and never beyond the limit', () => {
    expect(withMoreSimulatedNodes([], 200)).toEqual(['sim001-sim200'])
    expect(withMoreSimulatedNodes(['sim001', 'sim004'], 3)).toEqual(['sim001-sim005'])
    expect(withMoreSimulatedNodes(['sim001'], MAX_SIMULATED_NODES)).toBeUndefined()
  })

  it.each(['sim000', 'sim501', 'sim1', 'sim003-sim001', 'sim001-sim002-sim003', 'node01', '', 'sim001-'])(
    'when one is %j, then that is a fault and no node',
    (range) => {
      expect(simulatedRangeFault(range)).toMatch(/^Write one name or a range/)
      expect(listSimulatedNodes([range])).toEqual([])
    },
  )
})

it.each([
  ['simulated', true],
  ['sim001', true],
  ['sim01', false],
  ['simone', false],
])('given a node named %s, then whether simulated nodes need the name is %s', (name, isReserved) => {
  expect(isReservedNodeName(name)).toBe(isReserved)
})
