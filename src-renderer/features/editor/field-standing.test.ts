import { describe, expect, it } from 'vitest'
import { podFieldPaths } from '../../testing/pod-field-paths.ts'
import { formatFieldPath, parseFieldPath } from './field-path.ts'
import { computeStanding, describeFieldFacts } from './field-standing.ts'

const standingOf = (path: string): string => computeStanding(parseFieldPath(path)).kind

describe('given every field that a Pod can have', () => {
  it('when it is asked about, then there is an answer, with a type and a standing', () => {
    const paths = podFieldPaths()
    expect(paths.length).toBeGreaterThan(500)
    const silent = paths.filter((path) => describeFieldFacts(path, 'en')?.type === undefined)
    expect(silent.map(formatFieldPath)).toEqual([])
  })

  it('when it is written as a path, then the path is read back', () => {
    const changed = podFieldPaths().filter(
      (path) => formatFieldPath(parseFieldPath(formatFieldPath(path))) !== formatFieldPath(path),
    )
    expect(changed).toEqual([])
  })
})

describe('given what the kubelet does with fields', () => {
  it.each([
    ['spec.containers[0].image', 'honoured'],
    ['spec.containers[0].livenessProbe.httpGet', 'honoured'],
    ['spec.hostNetwork', 'honoured'],
    ['spec.serviceAccountName', 'reference'],
    ['spec.volumes[0].persistentVolumeClaim', 'reference'],
    ['spec.containers[0].env[0].valueFrom.secretKeyRef', 'reference'],
    ['spec.ephemeralContainers', 'forbidden'],
    ['spec.containers[0].securityContext.privileged', 'refused'],
    ['spec.securityContext.sysctls', 'refused'],
    ['spec.containers[0].securityContext.seccompProfile.type', 'refused'],
    ['spec.containers[0].securityContext.procMount', 'notHonoured'],
    ['spec.runtimeClassName', 'notHonoured'],
    ['spec.schedulerName', 'others'],
    ['spec.nodeName', 'overwritten'],
  ])('when it is %s, then it is %s', (path, standing) => {
    expect(standingOf(path)).toBe(standing)
  })

  it('when only some values are refused, then those are named', () => {
    expect(computeStanding(parseFieldPath('spec.securityContext.seccompProfile.type'))).toMatchObject({
      values: ['Unconfined', 'Localhost'],
    })
  })

  it.each([
    ['spec.restartPolicy', 'Always'],
    ['spec.terminationGracePeriodSeconds', '30'],
    ['spec.containers[0].livenessProbe.periodSeconds', '10'],
    ['spec.containers[0].ports[0].protocol', 'TCP'],
    ['spec.containers[0].image', undefined],
  ])('when %s is left out, then it is %s', (path, value) => {
    expect(describeFieldFacts(parseFieldPath(path), 'en')?.default).toBe(value)
  })

  it('when a field has to be there, then that is said', () => {
    const isRequired = (path: string): boolean | undefined => describeFieldFacts(parseFieldPath(path), 'en')?.isRequired
    expect(
      ['spec.containers', 'spec.containers[0].name', 'spec.containers[0].image', 'metadata.name'].map(isRequired),
    ).toEqual([true, true, true, true])
    expect(isRequired('spec.hostNetwork')).toBe(false)
  })
})
