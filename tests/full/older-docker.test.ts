/** Docker of before volume sub-paths (Debian 12's own): everything that looks at an engine refuses it, and makes nothing in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCriClient } from '../../src-main/container-runtime/grpc/client.ts'
import { listImageTags, listMade } from '../support/engines/ask-engine.ts'
import { unpackEngine, type DebianProgram } from '../support/engines/debian-programs.ts'
import { startRuntimeService } from '../support/engines/runtime-service.ts'
import { dockerProgram } from '../support/private-engine/engine-program.ts'
import { PrivateEngine } from '../support/private-engine/private-engine.ts'
import { run, TestLab, type CommandResult } from '../support/test-lab.ts'

const lab = new TestLab('older')
let program: DebianProgram | undefined
let engine: PrivateEngine | undefined
let endpoint = ''

beforeAll(async () => {
  program = await unpackEngine('docker', 'bookworm')
  engine = await PrivateEngine.create('older', dockerProgram(program.root))
  await engine.start()
  endpoint = engine.endpoint
  process.env['DOCKER_HOST'] = endpoint
})

afterAll(async () => {
  await engine?.dispose()
  await program?.dispose()
  rmSync(lab.home, { recursive: true, force: true })
})

function expectRefusal({ exitCode, stdout, stderr }: CommandResult): void {
  const words = stdout + stderr
  expect(words).toMatch(/Docker 20\.10\.\d+\S* speaks API 1\.41, and 1\.45 is needed/)
  expect(words).toContain(endpoint)
  expect(words).toMatch(/\. +Install Docker 26 or newer|\n +Install Docker 26 or newer/)
  expect(exitCode).toBe(3)
}

describe('given Docker 20.10', () => {
  it('when doctor looks at it, then it names version, API and remedy', async () => {
    expectRefusal(await run(process.execPath, [lab.program, 'doctor'], lab.environment))
  })

  it('when a lab is to be made, or images, then the same is said', async () => {
    expectRefusal(await lab.cli('up', '--nodes', '1'))
    expectRefusal(await run(process.execPath, [lab.program, 'images', 'build'], lab.environment))
  })

  it('when the status is asked for, then the engine is called unsuitable, for people and for programs', async () => {
    const status = await run(process.execPath, [lab.program, 'status', '--json'], lab.environment)
    expect(JSON.parse(status.stdout)).toMatchObject({
      engine: { state: 'unsuitable', message: expect.stringMatching(/20\.10.*1\.41.*Install Docker 26/) },
    })
  })

  it('when `npm start` is told to use it, then it makes no engine of its own but refuses', async () => {
    const start = join(import.meta.dirname, '../../scripts/start.ts')
    expectRefusal(await run(process.execPath, [start], lab.environment))
  })

  it('when a runtime service is put in front of it, then its status says why no pod can run', async () => {
    const folder = mkdtempSync('/tmp/older-cri-')
    const service = await startRuntimeService({ endpoint, folder })
    const cri = createCriClient({ socketPath: service.criSocket })
    try {
      const { conditions } = await cri.runtime.status()
      expect(conditions.find(({ type }) => type === 'RuntimeReady')).toMatchObject({
        status: false,
        reason: 'EngineUnsuitable',
        message: expect.stringMatching(/Docker 20\.10.* speaks API 1\.41.*Install Docker 26/),
      })
    } finally {
      await cri.dispose()
      await service.dispose()
      rmSync(folder, { recursive: true })
    }
  })

  it('when all of this is over, then nothing has been made in it', async () => {
    expect(await listMade(endpoint)).toEqual([])
    expect(await listImageTags(endpoint)).toEqual([])
  })
})
