import { describe, expect, it } from 'vitest'
import type { NodeAffinity, NodeSelectorRequirement } from '../api/core.ts'
import { formatFieldError } from './field-error.ts'
import { validateNodeAffinity } from './validate-node-affinity.ts'

const TERMS = 'affinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'

function faults(affinity: NodeAffinity): string[] {
  return validateNodeAffinity(affinity, 'affinity').map(formatFieldError)
}

function ofTerm(term: {
  matchExpressions?: NodeSelectorRequirement[]
  matchFields?: NodeSelectorRequirement[]
}): string[] {
  return faults({ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } })
}

describe('affinity to nodes', () => {
  it('given every operator used rightly, then there is no fault', () => {
    const term = {
      matchExpressions: [
        { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
        { key: 'disk', operator: 'NotIn', values: ['slow', ''] },
        { key: 'gpu', operator: 'Exists' },
        { key: 'spot', operator: 'DoesNotExist' },
        { key: 'cores', operator: 'Gt', values: ['1'] },
      ],
      matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node01'] }],
    }
    expect(ofTerm(term)).toEqual([])
    expect(faults({ preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }] })).toEqual([])
  })

  it.each<[NodeSelectorRequirement, string]>([
    [{ key: 'a', operator: 'In' }, "values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
    [
      { key: 'a', operator: 'Exists', values: ['b'] },
      "values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ],
    [
      { key: 'a', operator: 'Lt', values: ['1', '2'] },
      "values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
    ],
    [{ key: 'a', operator: '=' }, 'operator: Invalid value: "=": not a valid selector operator'],
  ])('given %j, then the fault is told', (requirement, fault) => {
    expect(ofTerm({ matchExpressions: [requirement] })).toEqual([`${TERMS}[0].matchExpressions[0].${fault}`])
  })

  it('given a field that is not the name of the node, or two names, then each is told', () => {
    expect(ofTerm({ matchFields: [{ key: 'spec.x', operator: 'In', values: ['a'] }] })).toEqual([
      `${TERMS}[0].matchFields[0].key: Invalid value: "spec.x": not a valid field selector key`,
    ])
    expect(ofTerm({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }] })).toEqual([
      `${TERMS}[0].matchFields[0].values: Required value: must be only one value when \`operator\` is 'In' or 'NotIn' for node field selector`,
    ])
  })

  it('given no term at all, or a weight of 0, then each is told', () => {
    expect(faults({ requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } })).toEqual([
      `${TERMS}: Required value: must have at least one node selector term`,
    ])
    expect(faults({ preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, preference: {} }] })).toEqual([
      'affinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
    ])
  })
})
