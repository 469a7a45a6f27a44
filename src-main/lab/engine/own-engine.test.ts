import { describe, expect, it } from 'vitest'
import { computeOwnEngineObstacle } from './own-engine.ts'
import {
  computeLaunchCommand,
  findForeignDaemons,
  findOwnDaemon,
  findSurvivors,
  type HostProcess,
} from './own-engine-launch.ts'

const paths = { state: '/s', run: '/r' }
const process = (pid: number, name: string, words: string[], networkNamespace = 'net:[1]'): HostProcess => ({
  pid,
  name,
  arguments: words,
  networkNamespace,
})
const own = process(10, 'dockerd', ['/usr/sbin/dockerd', '--pidfile', '/r/docker.pid'])
const other = process(11, 'dockerd', ['dockerd', '-H', 'unix:///var/run/docker.sock'])
const elsewhere = process(12, 'dockerd', ['dockerd'], 'net:[2]')
const shim = process(13, 'containerd-shim', [
  'containerd-shim-runc-v2',
  '-address',
  '/r/engine/containerd/containerd.sock',
])
const foreignShim = process(14, 'containerd-shim', [
  'containerd-shim-runc-v2',
  '-address',
  '/run/containerd/containerd.sock',
])

describe('finding engines among the processes', () => {
  const all = [elsewhere, other, foreignShim, shim, own]

  it('given several, then ours is the one with our pid file', () => {
    expect(findOwnDaemon(all, paths)).toBe(own)
    expect(findOwnDaemon([other], paths)).toBeUndefined()
  })

  it('given one in another network namespace, then it does not stand in the way', () => {
    expect(findForeignDaemons(all, paths, 'net:[1]')).toEqual([other])
  })

  it("given shims, then only our engine's are survivors", () => {
    expect(findSurvivors(all, paths)).toEqual([shim])
  })
})

describe('computeLaunchCommand', () => {
  it('given no survivor, then the namespace is new and a slave of the machine', () => {
    const command = computeLaunchCommand(paths, '/s/program', undefined)
    expect([command.program, ...command.arguments]).toEqual(
      expect.arrayContaining(['unshare', '--mount', '--propagation', 'slave', '/s/program', 'new']),
    )
  })

  it('given a survivor, then its namespace is entered and nothing is mounted again', () => {
    const command = computeLaunchCommand(paths, '/s/program', shim)
    expect([command.program, command.arguments[0]]).toEqual(['nsenter', '--mount=/proc/13/ns/mnt'])
    expect(command.arguments.at(-1)).toBe('joined')
  })
})

describe('computeOwnEngineObstacle', () => {
  it.each([
    [{ platform: 'darwin', uid: 0, hasApt: true }, /Linux/],
    [{ platform: 'linux', uid: 1000, hasApt: true }, /root/],
    [{ platform: 'linux', uid: 0, hasApt: false }, /apt/],
  ])('given %j, then it says why not', (machine, expected) => {
    expect(computeOwnEngineObstacle(machine)).toMatch(expected)
  })

  it('given Linux, root and apt, then nothing stands in the way', () => {
    expect(computeOwnEngineObstacle({ platform: 'linux', uid: 0, hasApt: true })).toBeUndefined()
  })
})
