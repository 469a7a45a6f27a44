import { describe, expect, it } from 'vitest'
import { compareApiVersions, computeApiVersion, computeEngineFault } from './engine-version.ts'

const docker26 = { Version: '26.1.5', ApiVersion: '1.45', MinAPIVersion: '1.24', Os: 'linux' }
const podman = [{ Name: 'Podman Engine' }, { Name: 'Conmon' }]

describe('versions of the API', () => {
  it('given two-digit parts, then they are compared as numbers', () => {
    expect(compareApiVersions('1.9', '1.45')).toBeLessThan(0)
    expect(compareApiVersions('2.0', '1.45')).toBeGreaterThan(0)
    expect(compareApiVersions('1.45', '1.45')).toBe(0)
  })

  it('given an engine that has dropped our version, then its oldest one is spoken, else ours', () => {
    expect(computeApiVersion(docker26)).toBe('1.45')
    expect(computeApiVersion({ MinAPIVersion: '1.50' })).toBe('1.50')
    expect(computeApiVersion({})).toBe('1.45')
  })
})

describe('computeEngineFault', () => {
  it('given Docker 26 or newer, then there is none', () => {
    expect(computeEngineFault(docker26)).toBeUndefined()
    expect(
      computeEngineFault({ ...docker26, Version: '29.8.0', ApiVersion: '1.56', Components: [{ Name: 'Engine' }] }),
    ).toBe(undefined)
  })

  it('given Docker of before sub-paths, then its version, its API and the remedy are told', () => {
    const fault = computeEngineFault({ ...docker26, Version: '20.10.24', ApiVersion: '1.41' })
    expect(fault?.message).toMatch(/^Docker 20\.10\.24 speaks API 1\.41, and 1\.45 is needed/)
    expect(fault?.remedy).toMatch(/Docker 26 or newer/)
  })

  it('given Podman, then it is called so, and the remedy is another engine', () => {
    const fault = computeEngineFault({ ...docker26, Version: '5.8.6', ApiVersion: '1.44', Components: podman })
    expect(fault?.message).toMatch(/^Podman 5\.8\.6 speaks API 1\.44/)
    expect(fault?.remedy).toMatch(/^No Podman can run labs yet: install Docker 26/)
  })

  it('given an engine for Windows containers, then that is told', () => {
    expect(computeEngineFault({ ...docker26, Os: 'windows' })?.message).toMatch(/windows containers/)
  })
})
