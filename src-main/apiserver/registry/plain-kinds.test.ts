import { describe, expect, it } from 'vitest'
import { CONTROLLER_REVISIONS } from './apps/controllerrevisions/controller-revision-definition.ts'
import { DEPLOYMENTS } from './apps/deployments/deployment-definition.ts'
import { REPLICA_SETS } from './apps/replicasets/replica-set-definition.ts'
import { LEASES } from './coordination.k8s.io/leases/lease-definition.ts'
import { ENDPOINTS } from './core/endpoints/endpoints-definition.ts'
import { SERVICES } from './core/services/service-definition.ts'
import { ENDPOINT_SLICES } from './discovery.k8s.io/endpointslices/endpoint-slice-definition.ts'
import { POD_DISRUPTION_BUDGETS } from './policy/poddisruptionbudgets/pod-disruption-budget-definition.ts'
import { CLUSTER_ROLES } from './rbac.authorization.k8s.io/clusterroles/cluster-role-definition.ts'
import { ROLE_BINDINGS } from './rbac.authorization.k8s.io/rolebindings/role-binding-definition.ts'
import { ROLES } from './rbac.authorization.k8s.io/roles/role-definition.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import { PRIORITY_CLASSES } from './scheduling.k8s.io/priorityclasses/priority-class-definition.ts'
import { create, update } from './testing/exercise-kind.ts'

const TEMPLATE = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'bb:v1' }] } }
const WORKLOAD = { selector: { matchLabels: { app: 'a' } }, template: TEMPLATE }
const ROLE_REF = { kind: 'Role', name: 'r' }
const REVISION = { data: { spec: {} }, revision: 2 }

describe('creating', () => {
  it.each<[string, ResourceDefinition, object, unknown[]]>([
    ['a lease', LEASES, { spec: { holderIdentity: 'node01' } }, ['a', 'node01', '<unknown>']],
    ['a replica set', REPLICA_SETS, { spec: WORKLOAD }, ['a', 1, 0, 0, '<unknown>', 'c', 'bb:v1', 'app=a']],
    ['a deployment', DEPLOYMENTS, { spec: WORKLOAD }, ['a', '0/1', 0, 0, '<unknown>', 'c', 'bb:v1', 'app=a']],
    [
      'a revision of a DaemonSet',
      CONTROLLER_REVISIONS,
      {
        ...REVISION,
        metadata: {
          name: 'd1-697d799b96',
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd1', uid: 'u', controller: true }],
        },
      },
      ['d1-697d799b96', 'daemonset.apps/d1', 2, '<unknown>'],
    ],
    [
      'a service',
      SERVICES,
      { spec: { ports: [{ port: 80 }], selector: { b: 'c', a: 'b' } } },
      ['a', 'ClusterIP', '<none>', '<none>', '80/TCP', '<unknown>', 'a=b,b=c'],
    ],
    [
      'a service for others',
      SERVICES,
      { spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080, protocol: 'UDP' }] } },
      ['a', 'LoadBalancer', '<none>', '<pending>', '80:30080/UDP', '<unknown>', '<none>'],
    ],
    [
      'endpoints',
      ENDPOINTS,
      { subsets: [{ addresses: ['1', '2', '3', '4'].map((ip) => ({ ip })), ports: [{ port: 80 }] }] },
      ['a', '1:80,2:80,3:80 + 1 more...', '<unknown>'],
    ],
    [
      'an endpoint slice',
      ENDPOINT_SLICES,
      { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] },
      ['a', 'IPv4', '<unset>', '10.0.0.1', '<unknown>'],
    ],
    ['a priority class', PRIORITY_CLASSES, { value: 5 }, ['a', 5, false, '<unknown>', 'PreemptLowerPriority']],
    [
      'a class of the system',
      PRIORITY_CLASSES,
      { metadata: { name: 'system-node-critical' }, value: 2000001000 },
      ['system-node-critical', 2000001000, false, '<unknown>', 'PreemptLowerPriority'],
    ],
    [
      'a binding',
      ROLE_BINDINGS,
      {
        roleRef: ROLE_REF,
        subjects: [
          { kind: 'ServiceAccount', name: 's', namespace: 'n' },
          { kind: 'User', name: 'u' },
        ],
      },
      ['a', 'Role/r', '<unknown>', 'u', '', 'n/s'],
    ],
    ['a budget', POD_DISRUPTION_BUDGETS, { spec: { minAvailable: '50%' } }, ['a', '50%', 'N/A', 0, '<unknown>']],
  ])('given %s, then it is accepted and printed', (_name, definition, body, cells) => {
    const { object, errors } = create(definition, body)
    expect(errors).toEqual([])
    expect(definition.printer.cells(object, 0)).toEqual(cells)
  })

  it.each<[string, ResourceDefinition, object, string[]]>([
    [
      'a lease without time',
      LEASES,
      { spec: { leaseDurationSeconds: 0 } },
      ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
    ],
    [
      'a deployment without a selector',
      DEPLOYMENTS,
      { spec: { template: TEMPLATE } },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'a deployment that cannot move',
      DEPLOYMENTS,
      { spec: { ...WORKLOAD, strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } } } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
    ],
    [
      'a name of the system',
      PRIORITY_CLASSES,
      { metadata: { name: 'system-mine' }, value: 1 },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [
      'a priority above all',
      PRIORITY_CLASSES,
      { value: 1000000001 },
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    ['a service without ports', SERVICES, { spec: {} }, ['spec.ports: Required value']],
    [
      'two ports without names',
      SERVICES,
      { spec: { ports: [{ port: 80 }, { port: 81 }] } },
      ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
    ],
    [
      'a role that speaks of paths',
      ROLES,
      { rules: [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }] },
      ['rules[0].nonResourceURLs: Invalid value: ["/healthz"]: namespaced rules cannot apply to non-resource URLs'],
    ],
    [
      'a rule for nothing',
      CLUSTER_ROLES,
      { rules: [{ verbs: ['get'] }] },
      [
        'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
        'rules[0].resources: Required value: resource rules must supply at least one resource',
      ],
    ],
    [
      'a service account of no namespace',
      ROLE_BINDINGS,
      { roleRef: ROLE_REF, subjects: [{ kind: 'ServiceAccount', name: 's' }] },
      ['subjects[0].namespace: Required value'],
    ],
    [
      'a slice of no kind',
      ENDPOINT_SLICES,
      { addressType: 'MAC' },
      ['addressType: Unsupported value: "MAC": supported values: "IPv4", "IPv6", "FQDN"'],
    ],
    [
      'a budget with two sides',
      POD_DISRUPTION_BUDGETS,
      { spec: { minAvailable: 1, maxUnavailable: 1 } },
      [
        'spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set',
      ],
    ],
  ])('given %s, then it is refused', (_name, definition, body, expected) => {
    expect(create(definition, body).errors).toEqual(expected)
  })
})

describe('updating', () => {
  it.each<[string, ResourceDefinition, object, object, string]>([
    ['a priority', PRIORITY_CLASSES, { value: 1 }, { value: 2 }, 'value: Forbidden: may not be changed in an update.'],
    [
      'the selector of a deployment',
      DEPLOYMENTS,
      { spec: WORKLOAD },
      { spec: { ...WORKLOAD, selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } } },
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable',
    ],
    [
      'the data of a revision',
      CONTROLLER_REVISIONS,
      REVISION,
      { ...REVISION, data: {} },
      'data: Invalid value: {}: field is immutable',
    ],
    [
      'what a binding grants',
      ROLE_BINDINGS,
      { roleRef: ROLE_REF },
      { roleRef: { kind: 'ClusterRole', name: 'r' } },
      'roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"r"}: cannot change roleRef',
    ],
    [
      'the address of a service',
      SERVICES,
      { spec: { ports: [{ port: 80 }], clusterIP: '10.0.0.1' } },
      { spec: { ports: [{ port: 80 }], clusterIP: '10.0.0.2' } },
      'spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set',
    ],
  ])('given another value of %s, then it is refused', (_name, definition, before, after, message) => {
    expect(update(definition, before, before).errors).toEqual([])
    expect(update(definition, before, after).errors).toEqual([message])
  })

  it('given an annotation of a deployment, then its generation counts', () => {
    const { object } = update(
      DEPLOYMENTS,
      { spec: WORKLOAD },
      { spec: WORKLOAD, metadata: { name: 'a', annotations: { a: 'b' } } },
    )
    expect(object.metadata.generation).toBe(2)
  })
})
