import { describe, expect, it } from 'vitest'
import type { Container, Pod, PodSpec } from '../api/core.ts'
import { computeRefusedFields, refusedFieldWords } from './pod-policy.ts'

function aPod(spec: Partial<PodSpec>, container: Partial<Container> = {}): Pod {
  const containers = [{ name: 'c', image: 'i', ...container }]
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers, ...spec } }
}

describe('computeRefusedFields', () => {
  const C = 'spec.containers[0]'

  it.each<[string, Pod, [field: string, refuses: string][]]>([
    ['nothing special', aPod({}), []],
    ['what every container may have', aPod({}, { securityContext: { capabilities: { add: ['CAP_KILL'] } } }), []],
    [
      'the default profiles',
      aPod({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, { volumeMounts: [] }),
      [],
    ],
    [
      'privileged',
      aPod({}, { securityContext: { privileged: true } }),
      [[`${C}.securityContext.privileged`, 'container']],
    ],
    [
      'capabilities',
      aPod({}, { securityContext: { capabilities: { add: ['KILL', 'cap_sys_admin', 'ALL'] } } }),
      [
        [`${C}.securityContext.capabilities.add[1]`, 'container'],
        [`${C}.securityContext.capabilities.add[2]`, 'container'],
      ],
    ],
    [
      'profiles of pod and container',
      aPod(
        { securityContext: { seccompProfile: { type: 'Unconfined' } } },
        { securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: 'x' } } },
      ),
      [
        ['spec.securityContext.seccompProfile', 'container'],
        [`${C}.securityContext.appArmorProfile`, 'container'],
      ],
    ],
    [
      'sysctls',
      aPod({ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }),
      [['spec.securityContext.sysctls[0]', 'pod']],
    ],
    [
      'propagation',
      aPod({}, { volumeMounts: [{ name: 'v', mountPath: '/v', mountPropagation: 'HostToContainer' }] }),
      [[`${C}.volumeMounts[0].mountPropagation`, 'container']],
    ],
    [
      'a privileged init container',
      aPod({ initContainers: [{ name: 'i', image: 'i', securityContext: { privileged: true } }] }),
      [['spec.initContainers[0].securityContext.privileged', 'container']],
    ],
  ])('given %s, then the fields that a runtime service will refuse are named', (_what, pod, expected) => {
    expect(computeRefusedFields(pod).map(({ field, refuses }) => [field, refuses])).toEqual(expected)
  })

  it('given a refused field, then its sentence says what happens, why, and what to do', () => {
    const [refused] = computeRefusedFields(aPod({}, { securityContext: { privileged: true } }))
    expect(refused === undefined ? '' : refusedFieldWords(refused)).toBe(
      'spec.containers[0].securityContext.privileged is refused by the safety policy of Node Lab: privileged containers are not allowed, so the container is not started (CreateContainerError). A real node would allow it; leave it out to see the pod run here.',
    )
  })
})
