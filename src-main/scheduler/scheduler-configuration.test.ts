import { describe, expect, it } from 'vitest'
import { decodeSchedulerConfiguration } from './scheduler-configuration.ts'

const HEAD = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'

describe('the file of --config', () => {
  it('given no profiles, then the default scheduler is meant; what else is there is named', () => {
    expect(decodeSchedulerConfiguration(`${HEAD}leaderElection:\n  leaderElect: true\n`)).toEqual({
      schedulerNames: ['default-scheduler'],
      ignored: ['leaderElection'],
    })
  })

  it('given two profiles, then pods of both names are scheduled; their plugins are named as without effect', () => {
    const profiles = 'profiles:\n- schedulerName: mine\n  plugins: {}\n- {}\n'
    expect(decodeSchedulerConfiguration(HEAD + profiles)).toEqual({
      schedulerNames: ['mine', 'default-scheduler'],
      ignored: ['profiles[0].plugins'],
    })
  })

  it.for([
    ['another kind', 'apiVersion: v1\nkind: Pod\n', "couldn't decode as KubeSchedulerConfiguration, got v1, Kind=Pod"],
    [
      'two profiles of one name',
      `${HEAD}profiles: [{}, {}]\n`,
      'profiles[1].schedulerName: Duplicate value: "default-scheduler"',
    ],
    ['a name of nothing', `${HEAD}profiles:\n- schedulerName: ""\n`, 'profiles[0].schedulerName: Required value'],
    ['no list', `${HEAD}profiles: 3\n`, 'profiles: Invalid value: must be a list'],
    ['an empty file', '', 'the file: Invalid value: must be an object'],
    ['no YAML', '{', /^error converting YAML to JSON: /],
  ] as const)('given %s, then the component says so and ends', ([_what, text, message]) => {
    expect(() => decodeSchedulerConfiguration(text)).toThrow(message)
  })
})
