import { describe, expect, it } from 'vitest'
import type { Container, Pod, Volume } from '../api/core.ts'
import { applyPodDefaults, defaultImagePullPolicy } from './pod-defaults.ts'

function withContainer(container: Partial<Container>, spec: Partial<Pod['spec']> = {}): Container {
  const pod: Pod = {
    metadata: { name: 'p' },
    spec: { ...spec, containers: [{ name: 'c', image: 'nginx', ...container }] },
  }
  const [result] = applyPodDefaults(pod).spec.containers
  if (result === undefined) throw new Error('no container')
  return result
}

function withVolume(volume: Partial<Volume>): Volume | undefined {
  const pod: Pod = { metadata: {}, spec: { containers: [], volumes: [{ name: 'v', ...volume }] } }
  return applyPodDefaults(pod).spec.volumes?.[0]
}

describe('applyPodDefaults', () => {
  it('given a minimal pod, then every default of the API is written out', () => {
    const pod: Pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
    expect(applyPodDefaults(pod)).toEqual({
      metadata: { name: 'p' },
      spec: {
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        dnsPolicy: 'ClusterFirst',
        securityContext: {},
        schedulerName: 'default-scheduler',
        enableServiceLinks: true,
        containers: [
          {
            name: 'c',
            image: 'nginx',
            resources: {},
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
            imagePullPolicy: 'Always',
          },
        ],
      },
    })
    expect(pod.spec).toEqual({ containers: [{ name: 'c', image: 'nginx' }] })
  })

  it('given a defaulted pod, when defaulted again, then nothing changes', () => {
    const once = applyPodDefaults({
      metadata: {},
      spec: {
        hostNetwork: true,
        volumes: [{ name: 'v' }],
        containers: [{ name: 'c', ports: [{ containerPort: 80 }], livenessProbe: {} }],
      },
    })
    expect(applyPodDefaults(once)).toEqual(once)
  })

  it('given ports, then the protocol is TCP, and in the host network the host port is the same', () => {
    expect(withContainer({ ports: [{ containerPort: 80 }] }).ports).toEqual([{ containerPort: 80, protocol: 'TCP' }])
    expect(withContainer({ ports: [{ containerPort: 80 }] }, { hostNetwork: true }).ports).toEqual([
      { containerPort: 80, protocol: 'TCP', hostPort: 80 },
    ])
  })

  it('given a probe, then its numbers and its request are filled', () => {
    expect(withContainer({ livenessProbe: { httpGet: { port: 80 } } }).livenessProbe).toEqual({
      httpGet: { port: 80, path: '/', scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    })
    expect(withContainer({ startupProbe: { grpc: { port: 1 } } }).startupProbe?.grpc).toEqual({ port: 1, service: '' })
    expect(withContainer({ lifecycle: { preStop: { httpGet: { port: 1 } } } }).lifecycle?.preStop?.httpGet?.path).toBe(
      '/',
    )
  })

  it('given limits, then missing requests are the same', () => {
    const limits = { cpu: '1', memory: '64Mi' }
    expect(withContainer({ resources: { limits, requests: { cpu: '500m' } } }).resources).toEqual({
      limits,
      requests: { cpu: '500m', memory: '64Mi' },
    })
  })

  it('given references to fields and resources, then version and divisor are filled', () => {
    const env = [
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
    ]
    expect(withContainer({ env }).env).toEqual([
      { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name', apiVersion: 'v1' } } },
      { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } } },
    ])
  })

  it('given volumes, then source, modes and types are filled', () => {
    expect(withVolume({})).toEqual({ name: 'v', emptyDir: {} })
    expect(withVolume({ hostPath: { path: '/data' } })?.hostPath).toEqual({ path: '/data', type: '' })
    expect(withVolume({ configMap: { name: 'x' } })?.configMap).toEqual({ name: 'x', defaultMode: 420 })
    expect(
      withVolume({ downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'metadata.labels' } }] } })?.downwardAPI,
    ).toEqual({
      defaultMode: 420,
      items: [{ path: 'p', fieldRef: { fieldPath: 'metadata.labels', apiVersion: 'v1' } }],
    })
    const sources = [{ serviceAccountToken: { path: 't' } }]
    expect(withVolume({ projected: { sources } })?.projected).toEqual({
      defaultMode: 420,
      sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }],
    })
  })

  it('given the old name of the service account, then both names are written', () => {
    const { spec } = applyPodDefaults({ metadata: {}, spec: { containers: [], serviceAccount: 'x' } })
    expect(spec).toMatchObject({ serviceAccount: 'x', serviceAccountName: 'x' })
  })
})

describe('defaultImagePullPolicy', () => {
  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['host:5000/nginx', 'Always'],
    ['nginx:1', 'IfNotPresent'],
    [`nginx@sha256:${'a'.repeat(64)}`, 'IfNotPresent'],
    [`nginx:latest@sha256:${'a'.repeat(64)}`, 'Always'],
    ['Bad:IMG:x', 'IfNotPresent'],
  ])('given %s, then it is %s', (image, expected) => {
    expect(defaultImagePullPolicy(image)).toBe(expected)
  })
})
