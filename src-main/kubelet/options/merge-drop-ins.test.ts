import { describe, expect, it } from 'vitest'
import { exitOf, HEAD, load } from './testing/load.ts'

const ARGUMENTS = ['--config=/c.yaml', '--config-dir=/d']
const BASE = `${HEAD}maxPods: 10\nclusterDNS: [10.0.0.1, 10.0.0.2]\nauthentication: {anonymous: {enabled: true}}\n`

describe('given a file and drop-ins', () => {
  it('when several set a field, then the last name counts, and a flag counts more', () => {
    const dropIns = {
      '/d/20-late.conf': `${HEAD}maxPods: 30\n`,
      '/d/10-early.conf': `${HEAD}maxPods: 20\npodsPerCore: 4\n`,
    }
    expect(load(ARGUMENTS, BASE, dropIns).configuration).toMatchObject({ maxPods: 30, podsPerCore: 4 })
    expect(load([...ARGUMENTS, '--max-pods=40'], BASE, dropIns).configuration.maxPods).toBe(40)
  })

  it('when one speaks of part of a structure and of a list, then the structure is merged and the list replaced', () => {
    const options = load(ARGUMENTS, BASE, {
      '/d/a.conf': `${HEAD}authentication: {webhook: {enabled: false}}\nclusterDNS: [10.0.0.9]\nfeatureGates: {WatchList: true}\n`,
      '/d/b.conf': `${HEAD}featureGates: {PreventStaticPodAPIReferences: false}\n`,
    })
    expect(options.configuration['authentication']).toMatchObject({
      anonymous: { enabled: true },
      webhook: { enabled: false },
    })
    expect(options.clusterDNS).toEqual(['10.0.0.9'])
    expect(options.configuration.featureGates).toEqual({ WatchList: true, PreventStaticPodAPIReferences: false })
  })

  it('when one takes a field away with null, then its default holds again', () => {
    expect(load(ARGUMENTS, BASE, { '/d/a.conf': `${HEAD}maxPods: null\nclusterDNS: null\n` })).toMatchObject({
      clusterDNS: [],
      configuration: { maxPods: 110 },
    })
  })

  it('when one speaks of a default that is a map, then the rest of the map stays', () => {
    const { configuration } = load(ARGUMENTS, BASE, {
      '/d/a.conf': `${HEAD}evictionHard: {memory.available: 500Mi, nodefs.available: null}\n`,
    })
    expect(configuration.evictionHard).toEqual({
      'imagefs.available': '15%',
      'imagefs.inodesFree': '5%',
      'memory.available': '500Mi',
      'nodefs.inodesFree': '5%',
    })
  })

  it('when one asks for several pulls, then it has to say as well that they are not one at a time', () => {
    const parallel = `${HEAD}maxParallelImagePulls: 5\n`
    expect(exitOf(ARGUMENTS, BASE, { '/d/a.conf': parallel }).message).toContain(
      'maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls',
    )
    expect(load(ARGUMENTS, BASE, { '/d/a.conf': `${parallel}serializeImagePulls: false\n` }).imagePulls).toMatchObject({
      atOnce: 5,
    })
  })

  it('when there are files of other names, then they are not read', () => {
    expect(load(ARGUMENTS, BASE, { '/d/a.conf.bak': 'rubbish', '/d/README': 'rubbish' }).configuration.maxPods).toBe(10)
  })

  it('when there is no file at all, then the open defaults of the old flags are the base', () => {
    const { configuration } = load(['--config-dir=/d'], undefined, { '/d/a.conf': `${HEAD}maxPods: 3\n` })
    expect(configuration).toMatchObject({ maxPods: 3, readOnlyPort: 10255, authorization: { mode: 'AlwaysAllow' } })
  })

  it('when one has a field that no kubelet has, then the log says so, where a real kubelet is silent', () => {
    const { warnings, configuration } = load(ARGUMENTS, BASE, { '/d/a.conf': `${HEAD}maxPod: 3\n` })
    expect(configuration.maxPods).toBe(10)
    expect(warnings).toContainEqual({
      channel: 'log',
      message: 'Fields of drop-in files that no kubelet has are ignored',
      fields: { fields: ['/d/a.conf: unknown field "maxPod"'] },
    })
  })
})

describe('given drop-ins that cannot be used', () => {
  const WALK = 'failed to merge kubelet configs: failed to walk through kubelet dropin directory "/d": '

  it('when the folder is missing, then the kubelet ends in upstream’s words', () => {
    expect(exitOf(ARGUMENTS, BASE)).toMatchObject({
      exitCode: 1,
      message: `${WALK}lstat /d: no such file or directory`,
    })
  })

  it.each([
    ['', 'error: kubelet config file "/d/a.conf" was empty'],
    ['a: [\n', 'error: yaml: line '],
    ['apiVersion: v1\nkind: Pod\n', 'unknown apiVersion/kind: v1, Kind=Pod'],
    ['kind: KubeletConfiguration\n', "error: Object 'apiVersion' is missing in "],
    [
      `${HEAD}maxPods: many\n`,
      'error: json: cannot unmarshal string into Go struct field KubeletConfiguration.maxPods of type int32',
    ],
  ])('when one is %j, then it is named and what is wrong with it', (text, reason) => {
    const { message, exitCode } = exitOf(ARGUMENTS, BASE, { '/d/a.conf': text })
    expect(exitCode).toBe(1)
    expect(message).toContain(`${WALK}failed to load kubelet dropin file, path: /d/a.conf, ${reason}`)
  })

  it('when the merged configuration is not valid, then it is refused as a file would be', () => {
    const { message } = exitOf(ARGUMENTS, BASE, { '/d/a.conf': `${HEAD}podsPerCore: -1\n` })
    expect(message).toContain('invalid configuration: podsPerCore (--pods-per-core) -1 must not be a negative number')
  })
})
