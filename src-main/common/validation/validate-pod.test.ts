import { describe, expect, it } from 'vitest'
import type { Container, Pod, PodSpec } from '../api/core.ts'
import { applyPodDefaults } from '../defaults/pod-defaults.ts'
import { explainFieldError, formatAggregate, formatFieldError, formatFieldErrors } from './field-error.ts'
import { validatePod } from './validate-pod.ts'

const CONTAINER: Container = { name: 'c', image: 'nginx' }

function makePod(spec: Partial<PodSpec> = {}, metadata: Pod['metadata'] = {}): Pod {
  return applyPodDefaults({
    metadata: { name: 'web', namespace: 'default', ...metadata },
    spec: { containers: [CONTAINER], ...spec },
  })
}

const faults = (pod: Pod) => validatePod(pod).map(formatFieldError)
const ofSpec = (spec: object) => faults(makePod(spec as Partial<PodSpec>))
const ofContainer = (container: object, spec: object = {}) =>
  ofSpec({ ...spec, containers: [{ ...CONTAINER, ...container }] })
const ofVolume = (volume: object) => ofSpec({ volumes: [{ name: 'v', ...volume }] })

const C = 'spec.containers[0]'
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

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
    expect(faults(makePod(spec, { labels: { 'a/b': 'c', d: '' }, annotations: { 'A/b': 'anything at all' } }))).toEqual(
      [],
    )
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
    expect(faults(makePod({}, metadata)).join('\n')).toContain(message)
  })
})

describe('containers', () => {
  it.each<[object, string]>([
    [{ name: 'A_b' }, `${C}.name: Invalid value: "A_b": ${LABEL}`],
    [{ image: ' nginx' }, `${C}.image: Invalid value: " nginx": must not have leading or trailing whitespace`],
    [{ image: '  ' }, `${C}.image: Required value`],
    [
      { imagePullPolicy: 'Maybe' },
      `${C}.imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"`,
    ],
    [{ ports: [{ containerPort: 0 }] }, `${C}.ports[0].containerPort: Required value`],
    [
      { ports: [{ containerPort: 65536 }] },
      `${C}.ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive`,
    ],
    [
      { ports: [{ containerPort: 1, protocol: 'ICMP' }] },
      `${C}.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"`,
    ],
    [
      { ports: [{ containerPort: 1, name: 'x-y-' }] },
      `${C}.ports[0].name: Invalid value: "x-y-": must not begin or end with a hyphen`,
    ],
    [
      {
        ports: [
          { containerPort: 1, name: 'a' },
          { containerPort: 2, name: 'a' },
        ],
      },
      `${C}.ports[1].name: Duplicate value: "a"`,
    ],
    [
      {
        ports: [
          { containerPort: 1, hostPort: 9 },
          { containerPort: 2, hostPort: 9 },
        ],
      },
      `${C}.ports[1].hostPort: Duplicate value: "TCP//9"`,
    ],
    [{ env: [{ name: '' }] }, `${C}.env[0].name: Required value`],
    [
      { env: [{ name: 'a=b' }] },
      `${C}.env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    ],
    [
      { env: [{ name: 'A', valueFrom: {} }] },
      `${C}.env[0].valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\` or \`secretKeyRef\``,
    ],
    [
      { env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'f', key: 'k' } } }] },
      `${C}.env[0].valueFrom.fileKeyRef: Forbidden: variables from files are not carried out by this version of Node Lab`,
    ],
    [
      { env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
      'may not be specified when `value` is not empty',
    ],
    [
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } }] },
      `${C}.env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels"`,
    ],
    [
      { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.foo' } } }] },
      'error converting fieldPath: field label not supported: spec.foo',
    ],
    [
      { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1Mi' } } }] },
      "only divisor's values 1m and 1 are supported with the cpu resource",
    ],
    [{ envFrom: [{}] }, `${C}.envFrom[0]: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``],
    [{ volumeMounts: [{ name: 'x', mountPath: '/x' }] }, `${C}.volumeMounts[0].name: Not found: "x"`],
    [
      { terminationMessagePolicy: 'X' },
      `${C}.terminationMessagePolicy: Unsupported value: "X": supported values: "File", "FallbackToLogsOnError"`,
    ],
    [{ livenessProbe: {} }, `${C}.livenessProbe: Required value: must specify a handler type`],
    [
      { livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 1 } } },
      `${C}.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`,
    ],
    [{ livenessProbe: { exec: {} } }, `${C}.livenessProbe.exec.command: Required value`],
    [
      { livenessProbe: { tcpSocket: { port: 0 } } },
      `${C}.livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
    ],
    [
      { livenessProbe: { tcpSocket: { port: 'a_b' } } },
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
    [
      { livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } },
      `${C}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
    ],
    [
      { livenessProbe: { tcpSocket: { port: 1 }, periodSeconds: -1 } },
      `${C}.livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0`,
    ],
    [
      { readinessProbe: { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 1 } },
      'must not be set for readinessProbes',
    ],
    [
      { startupProbe: { httpGet: { port: 1, scheme: 'FTP' } } },
      `${C}.startupProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"`,
    ],
    [
      { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
      `${C}.lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)`,
    ],
    [{ lifecycle: { postStart: {} } }, `${C}.lifecycle.postStart: Required value: must specify a handler type`],
    [
      { resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } },
      `${C}.resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi`,
    ],
    [
      { resources: { limits: { cpu: '-1' } } },
      `${C}.resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
    ],
    [
      { resources: { limits: { ram: '1' } } },
      `${C}.resources.limits[ram]: Invalid value: "ram": must be a standard resource for containers`,
    ],
    [
      { resources: { limits: { 'a.b/c': '500m' } } },
      `${C}.resources.limits[a.b/c]: Invalid value: "500m": must be an integer`,
    ],
    [
      { restartPolicy: 'Sometimes' },
      `${C}.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"`,
    ],
    [
      { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }] },
      `${C}.restartPolicy: Required value: must specify restartPolicy when restart rules are used`,
    ],
    [
      {
        restartPolicy: 'Never',
        restartPolicyRules: [{ action: 'Explode', exitCodes: { operator: 'In', values: [1] } }],
      },
      `${C}.restartPolicyRules[0].action: Unsupported value: "Explode"`,
    ],
    [
      {
        restartPolicy: 'Never',
        restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'Is', values: [256] } }],
      },
      `${C}.restartPolicyRules[0].exitCodes.values[0]: Invalid value: 256: must be between 0 and 255, inclusive`,
    ],
    [
      {
        restartPolicy: 'Never',
        restartPolicyRules: Array.from({ length: 21 }, () => ({
          action: 'Restart',
          exitCodes: { operator: 'In', values: [1] },
        })),
      },
      `${C}.restartPolicyRules: Too many: 21: must have at most 20 items`,
    ],
    [
      { securityContext: { runAsUser: -1 } },
      `${C}.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive`,
    ],
    [
      { securityContext: { privileged: true, allowPrivilegeEscalation: false } },
      'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ],
    [
      { securityContext: { seccompProfile: { type: 'Localhost' } } },
      `${C}.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
    ],
  ])('given %j, then %s', (container, message) => {
    expect(ofContainer(container).join('\n')).toContain(message)
  })

  it('given mounts that clash, leave the volume or reach back to the node, then each is told', () => {
    const volumes = [{ name: 'v', emptyDir: {} }]
    const mount = (fields: object) =>
      ofContainer({ volumeMounts: [{ name: 'v', mountPath: '/v', ...fields }] }, { volumes })
    expect(mount({ subPath: '/a' })).toEqual([
      `${C}.volumeMounts[0].subPath: Invalid value: "/a": must be a relative path`,
    ])
    expect(mount({ subPath: 'a/../b' })).toEqual([
      `${C}.volumeMounts[0].subPath: Invalid value: "a/../b": must not contain '..'`,
    ])
    expect(mount({ mountPath: '' })).toEqual([`${C}.volumeMounts[0].mountPath: Required value`])
    expect(mount({ mountPropagation: 'Bidirectional' }).join()).toContain('available only to privileged containers')
    expect(mount({ recursiveReadOnly: 'Enabled' }).join()).toContain('may only be specified when readOnly is true')
    const twice = [1, 2].map(() => ({ name: 'v', mountPath: '/v' }))
    expect(ofContainer({ volumeMounts: twice }, { volumes })).toEqual([
      `${C}.volumeMounts[1].mountPath: Invalid value: "/v": must be unique`,
    ])
  })

  it('given the same name twice, also among init containers, then the second is a duplicate', () => {
    expect(ofSpec({ containers: [CONTAINER, CONTAINER] })).toEqual(['spec.containers[1].name: Duplicate value: "c"'])
    expect(ofSpec({ initContainers: [CONTAINER] })).toEqual(['spec.initContainers[0].name: Duplicate value: "c"'])
  })

  it('given a probe on an init container that is no sidecar, then it is forbidden', () => {
    const init = { ...CONTAINER, name: 'i', livenessProbe: { tcpSocket: { port: 1 } } }
    expect(ofSpec({ initContainers: [init] })).toEqual([
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ])
  })

  it('given the host network, then a host port that differs is refused', () => {
    expect(ofContainer({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true })).toEqual([
      `${C}.ports[0].containerPort: Invalid value: 80: must match \`hostPort\` when \`hostNetwork\` is true`,
    ])
  })
})

describe('volumes', () => {
  it.each<[object, string]>([
    [{ name: 'A' }, `spec.volumes[0].name: Invalid value: "A": ${LABEL}`],
    [{ name: '' }, 'spec.volumes[0].name: Required value'],
    [
      { emptyDir: {}, hostPath: { path: '/' } },
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [{ hostPath: { path: '' } }, 'spec.volumes[0].hostPath.path: Required value'],
    [
      { hostPath: { path: '/a/../b' } },
      'spec.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
    ],
    [
      { hostPath: { path: '/a', type: 'Dir' } },
      'spec.volumes[0].hostPath.type: Unsupported value: "Dir": supported values: "", "BlockDevice"',
    ],
    [
      { emptyDir: { sizeLimit: '-1' } },
      'spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity',
    ],
    [{ downwardAPI: { items: [{ path: '' }] } }, 'spec.volumes[0].downwardAPI.path: Required value'],
    [
      { downwardAPI: { items: [{ path: 'a', mode: 512 }] } },
      'must be a number between 0 and 0777 (octal), both inclusive',
    ],
    [
      { downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'status.podIP' } }] } },
      'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP"',
    ],
    [
      { projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
      'must not be specified when serviceAccountName is not set',
    ],
  ])('given %j, then %s', (volume, message) => {
    expect(ofVolume(volume).join('\n')).toContain(message)
  })

  it('given the same name twice, then the second is a duplicate', () => {
    expect(ofSpec({ volumes: [{ name: 'v' }, { name: 'v' }] })).toEqual(['spec.volumes[1].name: Duplicate value: "v"'])
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
    expect(ofSpec(spec).join('\n')).toContain(message)
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
