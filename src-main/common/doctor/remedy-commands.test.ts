import { describe, expect, it } from 'vitest'
import type { DoctorFinding, FindingValues } from './doctor-findings.ts'
import { computeRemedyCommand, type RemedyPlace } from './remedy-commands.ts'

const HERE: RemedyPlace = { engineHost: 'linux', platform: 'linux', rootless: false, toolImage: 'node:1', nodes: [] }

function commandFor(finding: DoctorFinding, values: FindingValues = {}, place: Partial<RemedyPlace> = {}): string {
  return computeRemedyCommand(finding, values, { ...HERE, ...place }) ?? 'none'
}

describe('given a lab whose addresses are another network’s too', () => {
  it('when the remedy is asked for, then it takes the network away, which comes back elsewhere, and nothing else', () => {
    const command = commandFor('subnets-clash', { lab: 'exam', clashes: 'exam (10.1.0.0/24) in 10.0.0.0/8' })
    expect(command.split(' && ')).toEqual([
      expect.stringMatching(/ down --lab exam$/),
      'docker network rm -f node-lab.exam',
      expect.stringMatching(/ up --lab exam$/),
    ])
  })
})

describe('given findings that no pasted line mends', () => {
  it.each<[DoctorFinding, Partial<RemedyPlace>]>([
    ['subpaths-ignored', {}],
    ['limits-ignored', {}],
    ['mount-unseen', {}],
    ['files-few', { engineHost: 'docker-desktop', platform: 'darwin' }],
    ['clock-behind', { engineHost: 'elsewhere' }],
    ['kubectl-skew', {}],
    ['events-missing', {}],
  ])('when the remedy of %s is asked for, then it has words only', (finding, place) => {
    expect(commandFor(finding, { folder: '/labs' }, place)).toBe('none')
  })

  it('when the engine’s socket was looked for at the usual place already, then that is not told again', () => {
    expect(commandFor('socket-wrong', { path: '/var/run/docker.sock' })).toBe('none')
    expect(commandFor('socket-wrong', { path: '/elsewhere.sock' })).toContain('/var/run/docker.sock')
  })
})

describe('given labs of any names', () => {
  const nodes = [
    { lab: 'exam', node: 'worker' },
    { lab: 'cka', node: 'cp' },
  ]

  it('when a node’s kubectl is the remedy, then the command opens a shell on a node that there is', () => {
    for (const finding of ['kubectl-none', 'kubectl-skew', 'published-unreached'] as const)
      expect(commandFor(finding, {}, { nodes })).toMatch(/ shell --lab exam worker$/)
  })

  it('when kubelets have to look more often, then it is each node’s', () => {
    const command = commandFor('events-missing', {}, { nodes })
    expect(command).toMatch(/ shell --lab exam worker -- sh -c .* shell --lab cka cp -- sh -c /)
  })
})

it('given a home that cannot be used, when another is named, then it holds for what is typed next as well', () => {
  expect(commandFor('home-unusable')).toMatch(/^export NODE_LAB_HOME=/)
})
