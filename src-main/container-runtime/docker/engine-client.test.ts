import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import type { EngineVersion } from '../../common/engine-version.ts'
import { EngineClient } from './engine-client.ts'

const docker26: EngineVersion = { Version: '26.1.5', ApiVersion: '1.45', MinAPIVersion: '1.24', Os: 'linux' }
let owned = new DisposableStore()
afterEach(async () => {
  await owned.dispose()
  owned = new DisposableStore()
})

/** Answers what it is told to say of itself, and `{}` to everything else; keeps the paths. */
async function startEngine(
  version: EngineVersion,
): Promise<{ client: EngineClient; paths: string[]; version: EngineVersion }> {
  const folder = mkdtempSync(join(tmpdir(), 'node-lab-client-'))
  owned.add(toDisposable(() => rmSync(folder, { recursive: true })))
  const engine = { paths: [] as string[], version }
  const server = createServer((request, response) => {
    engine.paths.push(request.url ?? '')
    response.end(JSON.stringify(request.url === '/version' ? engine.version : {}))
  })
  const path = join(folder, 'engine.sock')
  await new Promise<void>((resolve) => server.listen(path, resolve))
  owned.add(toDisposable(() => void server.close()))
  const client = owned.add(new EngineClient(path))
  return Object.assign(engine, { client })
}

describe('the version of the API', () => {
  it('given Docker 26 or a newer one that still speaks it, then 1.45 is spoken, and asked for once', async () => {
    const { client, paths } = await startEngine({ ...docker26, Version: '29.8.0', ApiVersion: '1.56' })
    await client.json('/a')
    await client.json('/b')
    expect(paths).toEqual(['/version', '/v1.45/a', '/v1.45/b'])
  })

  it('given an engine that has dropped 1.45, then its oldest version is spoken', async () => {
    const { client, paths } = await startEngine({ ...docker26, ApiVersion: '1.60', MinAPIVersion: '1.50' })
    await client.json('/a')
    expect(paths).toEqual(['/version', '/v1.50/a'])
  })

  it('given an engine that was replaced while the connection was lost, then it is asked anew', async () => {
    const engine = await startEngine(docker26)
    await engine.client.json('/a')
    engine.version = { ...docker26, ApiVersion: '1.60', MinAPIVersion: '1.50' }
    engine.client.forgetVersion()
    await engine.client.json('/b')
    expect(engine.paths).toEqual(['/version', '/v1.45/a', '/version', '/v1.50/b'])
  })
})

describe('an engine that cannot be used', () => {
  it('given one that is too old, then it is refused with the remedy; given another one later, then not', async () => {
    const engine = await startEngine({ ...docker26, Version: '20.10.24', ApiVersion: '1.41' })
    await expect(engine.client.requireUsable()).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: expect.stringMatching(/Docker 20\.10\.24 speaks API 1\.41.*Install Docker 26/),
    })
    engine.version = docker26
    engine.client.forgetVersion()
    await engine.client.requireUsable()
  })
})
