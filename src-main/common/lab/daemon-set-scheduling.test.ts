import { describe, expect, it } from 'vitest'
import { parseFeatureGates, readScheduleDaemonSetPods } from './daemon-set-scheduling.ts'

describe('who schedules the pods of DaemonSets', () => {
  it.each<[string[], boolean]>([
    [['kube-controller-manager'], true],
    [['--feature-gates='], true],
    [['--feature-gates=Other=false'], true],
    [['--feature-gates=ScheduleDaemonSetPods=true'], true],
    [['--feature-gates=ScheduleDaemonSetPods=false'], false],
    [['--feature-gates=Other=true,ScheduleDaemonSetPods=F'], false],
    [['--feature-gates', 'ScheduleDaemonSetPods=0'], false],
    [['--feature-gates=ScheduleDaemonSetPods=false', '--feature-gates=ScheduleDaemonSetPods=true'], true],
    [['--feature-gates=ScheduleDaemonSetPods=false', '--feature-gates=Other=true'], false],
  ])('given the words %j, then the scheduler does it: %j', (words, expected) => {
    expect(readScheduleDaemonSetPods(words)).toBe(expected)
  })

  it('given gates with and without values, then each is a pair in its place', () => {
    expect(parseFeatureGates('A=true,,B,C=x=y')).toEqual([
      ['A', 'true'],
      ['B', ''],
      ['C', 'x=y'],
    ])
  })
})
