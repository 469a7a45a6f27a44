import { createServer, type Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { connectEngine } from './connect-engine.ts'

const version = { Version: '26.1.5', ApiVersion: '1.45', MinAPIVersion: '1.24', Os: 'linux' }

describe('connectEngine', () => {
  const servers: Server[] = []
  const folder = mkdtempSync(join(tmpdir(), 'node-lab-engine-'))
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('given DOCKER_HOST at nothing, then it says that the engine does not answer, and what to do', async () => {
    const failure = connectEngine({ environment: { DOCKER_HOST: 'unix:///no/such.sock', HOME: '/nowhere' } })
    await expect(failure).rejects.toMatchObject({ kind: 'NoEngine', remedy: expect.stringMatching(/DOCKER_HOST/) })
  })

  it('given an engine that is too old, then it says which version is needed', async () => {
    const path = join(folder, 'old.sock')
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify({ ...version, ApiVersion: '1.41', Version: '20.10.24' }))
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(path, resolve))
    const failure = connectEngine({ environment: { DOCKER_HOST: `unix://${path}`, HOME: '/nowhere' } })
    await expect(failure).rejects.toMatchObject({
      kind: 'NoEngine',
      message: expect.stringMatching(/20\.10\.24 .*1\.45/),
      remedy: expect.stringMatching(/26/),
    })
  })

  it.each(['tcp://256.1.1.1:xx', 'tcp://', 'rubbish'])(
    'given the address %s, then it says which forms there are',
    async (address) => {
      const failure = connectEngine({ environment: { DOCKER_HOST: address, HOME: '/nowhere' } })
      await expect(failure).rejects.toMatchObject({ kind: 'NoEngine', remedy: expect.stringMatching(/tcp:\/\//) })
    },
  )

  it('given an ssh address, then it says how to reach that engine', async () => {
    const failure = connectEngine({ environment: { DOCKER_HOST: 'ssh://me@there', HOME: '/nowhere' } })
    await expect(failure).rejects.toMatchObject({ kind: 'NoEngine', remedy: expect.stringMatching(/ssh -L/) })
  })
})
