import { describe, expect, it } from 'vitest'
import type { Container } from '../api/core.ts'
import { aContainer, aPod } from '../../kubelet/testing/pod-builders.ts'
import { podRequests } from './pod-requests.ts'

function asking(name: string, cpu: string, more: Partial<Container> = {}): Container {
  return aContainer(name, { resources: { requests: { cpu } }, ...more })
}

const sidecar = { restartPolicy: 'Always' } as const

describe('what a pod asks for', () => {
  it('given several containers, then their sum; init containers run before them and count when they need more', () => {
    const containers = [asking('one', '300m'), asking('two', '0.2')]
    expect(podRequests(aPod({ containers })).get('cpu')).toBe(500n)
    expect(podRequests(aPod({ containers, initContainers: [asking('init', '400m')] })).get('cpu')).toBe(500n)
    expect(podRequests(aPod({ containers, initContainers: [asking('init', '600m')] })).get('cpu')).toBe(600n)
  })

  it('given sidecars, then they stay beside the containers, and beside the init containers after them', () => {
    const containers = [asking('app', '100m')]
    const initContainers = [asking('early', '500m'), asking('side', '200m', sidecar), asking('late', '400m')]
    expect(podRequests(aPod({ containers, initContainers })).get('cpu')).toBe(600n)
    expect(podRequests(aPod({ containers, initContainers: initContainers.slice(0, 2) })).get('cpu')).toBe(500n)
  })

  it('given resources of the pod itself and an overhead, then they replace the sum and come on top', () => {
    const spec = {
      containers: [aContainer('app', { resources: { requests: { cpu: '1', 'ephemeral-storage': '1k' } } })],
      resources: { requests: { cpu: '250m' } },
      overhead: { cpu: '50m', memory: '1Ki' },
    }
    expect(Object.fromEntries(podRequests(aPod(spec)))).toEqual({
      cpu: 300n,
      memory: 1024n,
      'ephemeral-storage': 1000n,
    })
  })
})
