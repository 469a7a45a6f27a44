import { describe, expect, it } from 'vitest'
import { readStaticPod } from './read-static-pod.ts'

const read = (text: string) =>
  readStaticPod(new TextEncoder().encode(text), {
    nodeName: 'node01',
    path: '/m/web.yaml',
    seen: '2026-01-01T00:00:00Z',
  })

describe('a manifest that refers to what lives in an API server', () => {
  it('then the field is named with its own place, and the kubelet’s words stay', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  hostNetwork: true\n  serviceAccountName: x\n  containers:\n    - {name: c, image: nginx}\n'
    expect(read(text)).toMatchObject({
      reason: 'APIReference',
      message: 'static pods may not reference serviceaccounts',
      explanation: expect.stringContaining('spec.serviceAccountName') as string,
      ...{ field: 'spec.serviceAccountName', line: 7, column: 3 },
    })
  })

  it('given a volume, then its source is named', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - {name: c, image: nginx}\n  volumes:\n    - name: v\n      persistentVolumeClaim:\n        claimName: x\n'
    expect(read(text)).toMatchObject({ field: 'spec.volumes[0].persistentVolumeClaim', line: 10, column: 7 })
  })
})
