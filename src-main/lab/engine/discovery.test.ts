import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { computeCandidates, computeEngineSocketPath, type DiscoveryInput, readDockerContext } from './discovery.ts'

const linux: DiscoveryInput = { platform: 'linux', environment: {}, home: '/home/u', uid: 1000, context: undefined }

describe('computeCandidates', () => {
  it('given DOCKER_HOST, then nothing else is asked', () => {
    const input = {
      ...linux,
      environment: { DOCKER_HOST: 'tcp://10.0.0.1:2375' },
      context: { name: 'c', host: 'unix:///c' },
    }
    expect(computeCandidates(input)).toEqual([
      { endpoint: 'tcp://10.0.0.1:2375', source: 'DOCKER_HOST', socketPath: '/var/run/docker.sock' },
    ])
  })

  it('given DOCKER_HOST with TLS, then the certificates come from DOCKER_CERT_PATH or the configuration folder', () => {
    const environment = { DOCKER_HOST: 'tcp://e:2376', DOCKER_TLS_VERIFY: '1' }
    expect(computeCandidates({ ...linux, environment })[0]?.certificates).toBe('/home/u/.docker')
    expect(
      computeCandidates({ ...linux, environment: { ...environment, DOCKER_CERT_PATH: '/c' } })[0]?.certificates,
    ).toBe('/c')
  })

  it('given a context, then it comes first, the system socket next and our own last', () => {
    const candidates = computeCandidates({ ...linux, context: { name: 'c', host: 'unix:///c.sock' } })
    expect(
      candidates.map(({ source }) => source).filter((source, index, all) => all.indexOf(source) === index),
    ).toEqual(['context', 'socket', 'own'])
    expect(candidates[0]?.endpoint).toBe('unix:///c.sock')
    expect(candidates[1]?.endpoint).toBe('unix:///var/run/docker.sock')
    expect(candidates.at(-1)?.endpoint).toBe('unix:///run/node-lab/docker.sock')
  })

  it('given a context that names a usual socket, then it is asked once', () => {
    const candidates = computeCandidates({ ...linux, context: { name: 'c', host: 'unix:///var/run/docker.sock' } })
    expect(candidates.filter(({ endpoint }) => endpoint === 'unix:///var/run/docker.sock')).toHaveLength(1)
  })

  it('given a Mac, then Desktop comes before the system socket and there is none of our own', () => {
    const candidates = computeCandidates({ ...linux, platform: 'darwin', home: '/Users/u' })
    expect(candidates[0]?.endpoint).toBe('unix:///Users/u/.docker/run/docker.sock')
    expect(candidates.some(({ source }) => source === 'own')).toBe(false)
  })
})

describe('computeEngineSocketPath', () => {
  it.each([
    ['unix:///run/user/1000/docker.sock', '/run/user/1000/docker.sock'],
    ['unix:///home/u/.docker/desktop/docker.sock', '/var/run/docker.sock'],
    ['unix:///home/u/.colima/default/docker.sock', '/var/run/docker.sock'],
    ['unix:///home/u/.rd/docker.sock', '/var/run/docker.sock'],
    ['tcp://10.0.0.1:2375', '/var/run/docker.sock'],
  ])('given %s on Linux, then the engine has it at %s', (endpoint, expected) => {
    expect(computeEngineSocketPath(endpoint, 'linux', {})).toBe(expected)
  })

  it('given the override, then it wins', () => {
    expect(computeEngineSocketPath('unix:///a', 'linux', { NODE_LAB_ENGINE_SOCKET: '/b' })).toBe('/b')
  })
})

describe('readDockerContext', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'node-lab-context-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  function writeContext(name: string, host: string): void {
    const id = createHash('sha256').update(name).digest('hex')
    const folder = join(home, '.docker/contexts/meta', id)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }))
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: name }))
  }

  it('given no configuration, then there is no context', async () => {
    expect(await readDockerContext({}, home)).toBeUndefined()
  })

  it('given a context in use, then its host is read', async () => {
    writeContext('colima', 'unix:///c.sock')
    expect(await readDockerContext({}, home)).toEqual({ name: 'colima', host: 'unix:///c.sock' })
  })

  it('given DOCKER_CONTEXT=default, then the configured one is not used', async () => {
    writeContext('colima', 'unix:///c.sock')
    expect(await readDockerContext({ DOCKER_CONTEXT: 'default' }, home)).toBeUndefined()
  })

  it('given a context that is not there, then it says so', async () => {
    await expect(readDockerContext({ DOCKER_CONTEXT: 'gone' }, home)).rejects.toThrow(/ENOENT/)
  })
})
