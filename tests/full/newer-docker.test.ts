/**
 * The newest Docker that Debian has: the suites of `npm test` that speak with the engine pass on it as they do on Docker 26,
 * and most of them once more when it is set up as later ones are.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askEngine } from '../support/engines/ask-engine.ts'
import { unpackEngine, type DebianProgram } from '../support/engines/debian-programs.ts'
import { findDifferences } from '../support/engines/engine-trial.ts'
import { copyImages } from '../support/private-engine/copy-images.ts'
import { dockerProgram, labImages, type EngineProgram } from '../support/private-engine/engine-program.ts'
import { PrivateEngine } from '../support/private-engine/private-engine.ts'
import { run } from '../support/test-lab.ts'

const SUITE = 'forky'
const RUNTIME = 'src-main/container-runtime/docker'
/** Pods with all their mounts, exec, logs, statistics, attacks on paths and policy; whole labs; power of nodes. */
const SUITES = [
  [`${RUNTIME}/pods.engine.test.ts`],
  [`${RUNTIME}/streams.engine.test.ts`],
  [`${RUNTIME}/stats.engine.test.ts`],
  [`${RUNTIME}/resilience.engine.test.ts`],
  [`${RUNTIME}/safety.engine.test.ts`],
  ['src-main/lab/engine/engine.engine.test.ts'],
  ['tests/integration/main-job.test.ts'],
  ['tests/integration/attacks-cri.test.ts'],
  ['tests/integration/survival.test.ts', '-t', 'running pods on two nodes'],
]
const ON_IMAGE_STORE = SUITES.filter(([file = '']) => /pods|stats|safety|engine\.engine|main-job/.test(file))
/** Beyond what Node Lab asks for by itself, so that it has to speak a newer version. */
const RAISED_MINIMUM = '1.48'

let program: DebianProgram | undefined

beforeAll(async () => {
  program = await unpackEngine('docker', SUITE)
})

afterAll(() => program?.dispose())

function programRoot(): string {
  if (program === undefined) throw new Error('The newer Docker has not been unpacked.')
  return program.root
}

/** An engine with the images of labs, in use by whatever this process starts. */
async function startEngine(name: string, of: EngineProgram, settings = {}): Promise<PrivateEngine> {
  const { endpoint, references } = await labImages()
  const engine = await PrivateEngine.create(name, of)
  try {
    await engine.start(settings)
    await copyImages({ from: endpoint, to: engine.endpoint, references })
  } catch (error) {
    await engine.dispose()
    throw error
  }
  process.env['DOCKER_HOST'] = engine.endpoint
  return engine
}

async function expectToPass(words: string[]): Promise<void> {
  const vitest = 'node_modules/vitest/vitest.mjs'
  const { exitCode, stdout, stderr } = await run(process.execPath, [vitest, 'run', '--project', 'engine', ...words])
  if (exitCode !== 0) throw new Error(`${words.join(' ')} fails on this engine:\n${stdout}\n${stderr}`)
  expect(stdout).toMatch(/Tests .*passed/)
}

describe('given the newest Docker of Debian', () => {
  let engine: PrivateEngine | undefined
  beforeAll(async () => {
    engine = await startEngine('newer', dockerProgram(programRoot()))
  })
  afterAll(() => engine?.dispose())

  it('when it is asked, then it is newer than ours, and does all that the trial tries', async () => {
    const endpoint = engine?.endpoint ?? ''
    const version = await askEngine<{ Version: string; ApiVersion: string }>(endpoint, '/version')
    console.log(`Docker ${version.Version}, API ${version.ApiVersion}`)
    expect(Number(version.Version.split('.')[0])).toBeGreaterThan(26)
    const images = await askEngine<{ RepoTags: string[] | null }[]>(endpoint, '/images/json')
    const busybox = images.flatMap(({ RepoTags: tags }) => tags ?? []).find((tag) => tag.includes('/busybox:')) ?? ''
    expect(await findDifferences(endpoint, busybox)).toEqual({})
  })

  it.each(SUITES)('when %s runs on it, then it passes', async (...words) => {
    await expectToPass(words.filter((word) => typeof word === 'string'))
  })
})

describe("given the same with containerd's image store and an oldest API beyond ours", () => {
  let engine: PrivateEngine | undefined
  beforeAll(async () => {
    engine = await startEngine('store', withImageStore(dockerProgram(programRoot())), {
      features: { 'containerd-snapshotter': true },
    })
  })
  afterAll(() => engine?.dispose())

  it('when it is asked, then it refuses the API that Node Lab speaks by itself', async () => {
    const version = await askEngine<{ MinAPIVersion: string }>(engine?.endpoint ?? '', '/version')
    expect(version.MinAPIVersion).toBe(RAISED_MINIMUM)
    await expect(askEngine(engine?.endpoint ?? '', '/v1.45/info')).rejects.toThrow(/1\.45 is too old/)
  })

  it.each(ON_IMAGE_STORE)('when %s runs on it, then it passes', async (...words) => {
    await expectToPass(words.filter((word) => typeof word === 'string'))
  })
})

/** The store has drivers of other names; the oldest API can be set by the environment only. */
function withImageStore(docker: EngineProgram): EngineProgram {
  return {
    root: docker.root,
    computeCommand: (places) => [
      ...['/usr/bin/env', `DOCKER_MIN_API_VERSION=${RAISED_MINIMUM}`],
      ...docker.computeCommand(places).map((word) => (word === 'overlay2' ? 'overlayfs' : word)),
    ],
  }
}
