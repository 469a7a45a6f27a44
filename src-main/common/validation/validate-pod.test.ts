import { describe, expect, it } from 'vitest'
import type { Container, PodSpec } from '../api/core.ts'
import { explainFieldError, formatAggregate, formatFieldErrors } from './field-error.ts'
import { CONTAINER, faultsOf, faultsOfSpec, LABEL, makePod } from './testing/pod-faults.ts'
import { validatePod } from './validate-pod.ts'

describe('a healthy pod', () => {
  it('given every feature used rightly, then there is no fault', () => {
    const probe = {
      httpGet: { port: 'http', path: '/x', httpHeaders: [{ name: 'X-A', value: 'b' }] },
      periodSeconds: 1,
    }
    const sidecar: Container = {
      ...CONTAINER,
      name: 'init-1',
      restartPolicy: 'Always',
      readinessProbe: { exec: { command: ['x'] } },
    }
    const spec: Partial<PodSpec> = {
      initContainers: [{ ...CONTAINER, name: 'init-0' }, sidecar],
      containers: [
        {
          ...CONTAINER,
          ports: [{ name: 'http', containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1' }],
          env: [
            { name: 'A.b', value: '1' },
            { name: 'B', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a/b']" } } },
            { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
          ],
          livenessProbe: probe,
          lifecycle: { preStop: { sleep: { seconds: 5 } } },
          volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'a/b' }],
          resources: { limits: { cpu: '1', memory: '1Gi', 'example.com/gpu': '1' }, requests: { cpu: '500m' } },
          restartPolicy: 'Never',
          restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
          securityContext: { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
        },
      ],
      volumes: [
        { name: 'v', hostPath: { path: '/data', type: 'Directory' } },
        { name: 'w', emptyDir: { sizeLimit: '1Gi' } },
      ],
      dnsPolicy: 'None',
      dnsConfig: {
        nameservers: ['10.0.0.1', '2001:db8::1'],
        searches: ['a.b', '.'],
        options: [{ name: 'ndots', value: '2' }],
      },
      hostAliases: [{ ip: '10.0.0.1', hostnames: ['a.b'] }],
      tolerations: [
        { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
        { key: 'a', value: 'b' },
      ],
      activeDeadlineSeconds: 10,
      hostname: 'h',
    }
    expect(
      faultsOf(makePod(spec, { labels: { 'a/b': 'c', d: '' }, annotations: { 'A/b': 'anything at all' } })),
    ).toEqual([])
  })
})

describe('metadata', () => {
  it.each([
    [{ name: '' }, 'metadata.name: Required value: name or generateName is required'],
    [{ namespace: 'A' }, `metadata.namespace: Invalid value: "A": ${LABEL}`],
    [{ labels: { a: 'b c' } }, 'metadata.labels: Invalid value: "b c": a valid label must be an empty string'],
    [{ labels: { 'a/b/c': '' } }, 'metadata.labels: Invalid value: "a/b/c": a qualified name must consist of'],
    [{ labels: { '/b': '' } }, 'metadata.labels: Invalid value: "/b": prefix part must be non-empty'],
    [{ labels: { ['x'.repeat(64)]: '' } }, 'name part must be no more than 63 characters'],
    [{ annotations: { a: 'x'.repeat(300_000) } }, 'metadata.annotations: Too long: may not be more than 262144 bytes'],
  ])('given %j, then %s', (metadata, message) => {
    expect(faultsOf(makePod({}, metadata)).join('\n')).toContain(message)
  })
})

describe('pod spec', () => {
  it.each<[object, string]>([
    [{ containers: [] }, 'spec.containers: Required value'],
    [
      { restartPolicy: 'x' },
      'spec.restartPolicy: Unsupported value: "x": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      { dnsPolicy: 'x' },
      'spec.dnsPolicy: Unsupported value: "x": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
    [{ dnsPolicy: 'None' }, 'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
    [
      { dnsConfig: { nameservers: ['a'] } },
      'spec.dnsConfig.nameservers[0]: Invalid value: "a": must be a valid IP address',
    ],
    [
      { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } },
      'must not have more than 3 nameservers',
    ],
    [
      { activeDeadlineSeconds: 0 },
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
    ],
    [{ hostname: 'a.b' }, 'spec.hostname: Invalid value: "a.b"'],
    [
      { hostnameOverride: '' },
      'spec.hostnameOverride: Invalid value: "": a lowercase RFC 1123 subdomain must consist of',
    ],
    [
      { overhead: { cpu: '-250m' } },
      'spec.overhead.limits[cpu]: Invalid value: "-250m": must be greater than or equal to 0',
    ],
    [
      { hostnameOverride: 'a.b', hostNetwork: true },
      'spec.hostnameOverride: Forbidden: may not be set when hostNetwork is true',
    ],
    [
      { hostnameOverride: 'a.b', setHostnameAsFQDN: true },
      'spec.hostnameOverride: Forbidden: may not be set when setHostnameAsFQDN is true',
    ],
    [
      { hostnameOverride: `${'a'.repeat(32)}.${'b'.repeat(32)}` },
      'spec.hostnameOverride: Too long: may not be more than 64 bytes',
    ],
    [{ nodeSelector: { 'a b': 'c' } }, 'spec.nodeSelector: Invalid value: "a b"'],
    [{ hostAliases: [{ ip: '1.2.3' }] }, 'spec.hostAliases[0].ip: Invalid value: "1.2.3"'],
    [
      { tolerations: [{ effect: 'NoExecute' }] },
      'spec.tolerations[0].operator: Invalid value: "": operator must be Exists',
    ],
    [
      { tolerations: [{ key: 'a', tolerationSeconds: 1 }] },
      "effect must be 'NoExecute' when `tolerationSeconds` is set",
    ],
    [{ tolerations: [{ key: 'a', operator: 'Near' }] }, 'spec.tolerations[0].operator: Unsupported value: "Near"'],
    [{ shareProcessNamespace: true, hostPID: true }, 'ShareProcessNamespace and HostPID cannot both be enabled'],
    [{ securityContext: { fsGroup: -1 } }, 'spec.securityContext.fsGroup: Invalid value: -1'],
    [{ imagePullSecrets: [{}] }, 'spec.imagePullSecrets[0].name: Required value'],
    [{ os: { name: 'plan9' } }, 'spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
    [{ ephemeralContainers: [CONTAINER] }, 'spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ])('given %j, then %s', (spec, message) => {
    expect(faultsOfSpec(spec).join('\n')).toContain(message)
  })
})

describe('lists of faults', () => {
  const errors = validatePod(makePod({ containers: [{ name: '' }], restartPolicy: 'x' as 'Always' }))

  it('given several, then the kubelet separates them by blanks and the API server by commas', () => {
    expect(formatFieldErrors(errors)).toMatch(
      /^\[spec\.containers\[0\]\.name: Required value spec\.containers\[0\]\.image: Required value spec/,
    )
    expect(formatAggregate(errors)).toMatch(
      /^\[spec\.containers\[0\]\.name: Required value, spec\.containers\[0\]\.image: Required value, spec/,
    )
    expect(formatAggregate(errors.slice(0, 1))).toBe('spec.containers[0].name: Required value')
  })

  it('given a name by a pattern, then the plain words leave the expression out', () => {
    const [error] = validatePod(makePod({}, { name: 'A' }))
    expect(error && explainFieldError(error)).toMatch(/^metadata\.name cannot be "A": .*\(e\.g\. 'example\.com'\)$/)
  })
})
