import { describe, expect, it } from 'vitest'
import { CONTAINER, faultsOfSpec, LABEL } from './testing/pod-faults.ts'

const C = 'spec.containers[0]'
const ofContainer = (container: object, spec: object = {}) =>
  faultsOfSpec({ ...spec, containers: [{ ...CONTAINER, ...container }] })

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
    expect(faultsOfSpec({ containers: [CONTAINER, CONTAINER] })).toEqual([
      'spec.containers[1].name: Duplicate value: "c"',
    ])
    expect(faultsOfSpec({ initContainers: [CONTAINER] })).toEqual(['spec.initContainers[0].name: Duplicate value: "c"'])
  })

  it('given a probe on an init container that is no sidecar, then it is forbidden', () => {
    const init = { ...CONTAINER, name: 'i', livenessProbe: { tcpSocket: { port: 1 } } }
    expect(faultsOfSpec({ initContainers: [init] })).toEqual([
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ])
  })

  it('given the host network, then a host port that differs is refused', () => {
    expect(ofContainer({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true })).toEqual([
      `${C}.ports[0].containerPort: Invalid value: 80: must match \`hostPort\` when \`hostNetwork\` is true`,
    ])
  })
})
