import { describe, expect, it } from 'vitest'
import type { DoctorFinding, FindingValues } from './doctor-findings.ts'
import { computeRemedyCommand, type RemedyPlace } from './remedy-commands.ts'

const HERE: RemedyPlace = { engineHost: 'linux', platform: 'linux', rootless: false, toolImage: 'node:1' }

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
