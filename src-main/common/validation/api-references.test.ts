import { describe, expect, it } from 'vitest'
import type { Container, PodSpec, Volume } from '../api/core.ts'
import { apiReferenceMessage, findAPIReference } from './api-references.ts'

const CONTAINER: Container = { name: 'c', image: 'nginx' }

describe('findAPIReference', () => {
  const volume = (source: Partial<Volume>) => ({ volumes: [{ name: 'v', ...source }] })
  const env = (valueFrom: object) => ({ containers: [{ ...CONTAINER, env: [{ name: 'A', valueFrom }] }] })
  it.each<[object, string | undefined]>([
    [{}, undefined],
    [{ serviceAccountName: 'x' }, 'serviceaccounts'],
    [{ imagePullSecrets: [{ name: 'x' }] }, 'secrets'],
    [env({ secretKeyRef: { key: 'k' } }), 'secrets'],
    [env({ configMapKeyRef: { key: 'k' } }), 'configmaps'],
    [{ containers: [{ ...CONTAINER, envFrom: [{ configMapRef: { name: 'x' } }] }] }, 'configmaps'],
    [{ initContainers: [{ name: 'i', envFrom: [{ secretRef: { name: 'x' } }] }] }, 'secrets'],
    [{ resourceClaims: [{ name: 'x' }] }, 'resourceclaims'],
    [volume({ configMap: {} }), 'configmaps (via configmap volumes)'],
    [volume({ secret: {} }), 'secrets (via secret volumes)'],
    [volume({ csi: {} }), 'csidrivers (via CSI volumes)'],
    [volume({ glusterfs: {} }), 'endpoints (via glusterFS volumes)'],
    [volume({ persistentVolumeClaim: {} }), 'persistentvolumeclaims'],
    [volume({ ephemeral: {} }), 'persistentvolumeclaims (via ephemeral volumes)'],
    [volume({ azureFile: {} }), 'secrets (via azureFile volumes)'],
    [
      volume({ projected: { sources: [{ downwardAPI: {} }, { configMap: {} }] } }),
      'configmaps (via projected volumes)',
    ],
    [volume({ projected: { sources: [{ secret: {} }] } }), 'secrets (via projected volumes)'],
    [volume({ projected: { sources: [{ serviceAccountToken: {} }] } }), 'serviceaccounts (via projected volumes)'],
    [volume({ projected: { sources: [{ clusterTrustBundle: {} }] } }), 'clustertrustbundles'],
    [volume({ projected: { sources: [{ podCertificate: {} }] } }), 'podcertificates'],
    [volume({ hostPath: { path: '/' } }), undefined],
    [volume({ emptyDir: {} }), undefined],
    [volume({ projected: { sources: [{ downwardAPI: {} }] } }), undefined],
    [volume({ nfs: {} }), undefined],
    [{ priorityClassName: 'system-node-critical' }, undefined],
  ])('given %j, then it is %s', (spec, expected) => {
    const pod = { metadata: {}, spec: { containers: [CONTAINER], ...(spec as Partial<PodSpec>) } }
    expect(findAPIReference(pod)?.resource).toBe(expected)
  })

  it.each<[object, string]>([
    [{ serviceAccountName: 'x' }, 'spec.serviceAccountName'],
    [
      { containers: [CONTAINER, { ...CONTAINER, envFrom: [{ configMapRef: {} }] }] },
      'spec.containers[1].envFrom[0].configMapRef',
    ],
    [env({ secretKeyRef: { key: 'k' } }), 'spec.containers[0].env[0].valueFrom.secretKeyRef'],
    [volume({ persistentVolumeClaim: {} }), 'spec.volumes[0].persistentVolumeClaim'],
    [
      volume({ projected: { sources: [{ downwardAPI: {} }, { secret: {} }] } }),
      'spec.volumes[0].projected.sources[1].secret',
    ],
  ])('given %j, then the field at fault is %s', (spec, expected) => {
    const pod = { metadata: {}, spec: { containers: [CONTAINER], ...(spec as Partial<PodSpec>) } }
    expect(findAPIReference(pod)?.field).toBe(expected)
  })

  it('given a reference, then the refusal reads as the kubelet’s', () => {
    expect(apiReferenceMessage('secrets')).toBe('static pods may not reference secrets')
  })
})
