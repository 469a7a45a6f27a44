/**
 * Podman's service of Docker's API, as three Debian releases have it. What it does of the API is found out point by point
 * (docs/engines.md prints it); for all that, it cannot have labs, and says so before anything is made.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/base/clock.ts'
import { computeContainerCreateBody } from '../../src-main/container-runtime/docker/compute-host-config.ts'
import { EngineClient } from '../../src-main/container-runtime/docker/engine-client.ts'
import { NodeEngine } from '../../src-main/container-runtime/docker/node-engine.ts'
import type { ServiceOptions } from '../../src-main/container-runtime/docker/service-options.ts'
import { createCriClient } from '../../src-main/container-runtime/grpc/client.ts'
import { aContainerConfig } from '../../src-main/container-runtime/testing/configs.ts'
import { listMade } from '../support/engines/ask-engine.ts'
import { startAlteringProxy } from '../support/engines/altering-proxy.ts'
import { unpackEngine, type DebianProgram } from '../support/engines/debian-programs.ts'
import { findDifferences, type TrialPoint } from '../support/engines/engine-trial.ts'
import { podmanProgram, removePodmanCgroups } from '../support/engines/podman-program.ts'
import { startRuntimeService } from '../support/engines/runtime-service.ts'
import { copyImages } from '../support/private-engine/copy-images.ts'
import { labImages } from '../support/private-engine/engine-program.ts'
import { PrivateEngine } from '../support/private-engine/private-engine.ts'
import { run, TestLab, type CommandResult } from '../support/test-lab.ts'

/** What no version does as Docker does. */
const EVERYWHERE: TrialPoint[] = [
  'a taken name is a conflict (409)',
  'events as Docker names them',
  'statistics, with the parts of memory',
  "another container's network and hostname",
  'a missing source of a bind mount is refused, not made',
  'sub-paths of volumes',
  'sub-paths that are links out of the volume are refused',
]
/** What sometimes differs: a state or a log that is behind, an exec whose last words are lost. */
const NOW_AND_THEN: TrialPoint[] = [
  'create, start, wait, inspect',
  'stop and kill',
  'logs since a moment',
  'logs that are followed',
  'exec',
]
const NEWEST = 'forky'
const WHOLE_SECONDS: TrialPoint = 'logs of both streams with stamps'
const RELEASES: { suite: string; version: RegExp; api: string; differences: TrialPoint[] }[] = [
  {
    ...{ suite: 'bookworm', version: /^4\.3\./, api: '1.41' },
    differences: [...EVERYWHERE, WHOLE_SECONDS, 'OOMKilled', 'changed limits', 'changed restart policy'],
  },
  { suite: 'trixie', version: /^5\.4\./, api: '1.41', differences: [...EVERYWHERE, WHOLE_SECONDS] },
  { suite: NEWEST, version: /^5\./, api: '1.44', differences: EVERYWHERE },
]

const NODE: ServiceOptions = {
  ...{ lab: 'none', node: 'node01', nodeContainer: 'none', volume: 'none', network: 'none', pauseImage: 'none' },
  catalogue: { enabled: false, images: [] },
}
const lab = new TestLab('podman')
const sharedEndpoint = process.env['DOCKER_HOST'] ?? 'unix:///run/node-lab/docker.sock'
afterAll(() => rmSync(lab.home, { recursive: true, force: true }))

function expectRefusal({ exitCode, stdout, stderr }: CommandResult, reason: RegExp, remedy: RegExp): void {
  expect(stdout + stderr).toMatch(reason)
  expect(stdout + stderr).toMatch(remedy)
  expect(exitCode).toBe(3)
}

describe.each(RELEASES)('given Podman of Debian $suite', ({ suite, version, api, differences }) => {
  let program: DebianProgram | undefined
  let engine: PrivateEngine | undefined
  let endpoint = ''

  beforeAll(async () => {
    // Of a run that was killed.
    await removePodmanCgroups()
    program = await unpackEngine('podman', suite)
    engine = await PrivateEngine.create(`podman-${suite}`, podmanProgram(program.root))
    await engine.start()
    endpoint = engine.endpoint
  })

  afterAll(async () => {
    await engine?.dispose()
    await removePodmanCgroups()
    await program?.dispose()
  })

  const onPodman = (...words: string[]): Promise<CommandResult> =>
    run(process.execPath, [lab.program, ...words], { ...lab.environment, DOCKER_HOST: endpoint })

  it('when doctor or `up` looks at it, then it is refused by name, version and API, and nothing is made', async () => {
    expect(program?.version).toMatch(version)
    const reason = new RegExp(`Podman ${version.source.slice(1)}\\S* speaks API ${api}, and 1\\.45 is needed`)
    for (const words of [['doctor'], ['up', '--lab', lab.name, '--nodes', '1']]) {
      expectRefusal(await onPodman(...words), reason, /No Podman can run labs yet: install Docker 26 or newer/)
    }
    expect(await listMade(endpoint)).toEqual([])
  })

  it('when a runtime service is put in front of it, then its status says why, and it makes no container', async () => {
    const words = /the container engine cannot be used: Podman .*No Podman can run labs yet/
    const folder = mkdtempSync('/tmp/podman-cri-')
    const service = await startRuntimeService({ endpoint, folder })
    const cri = createCriClient({ socketPath: service.criSocket })
    const client = new EngineClient(endpoint.replace(/^unix:\/\//, ''))
    try {
      const { conditions } = await cri.runtime.status()
      const failed = { status: false, reason: 'EngineUnsuitable', message: expect.stringMatching(words) }
      expect(conditions.find(({ type }) => type === 'RuntimeReady')).toMatchObject(failed)
      const mount = { containerPath: '/v', hostPath: '/data/v', readonly: true, selinuxRelabel: false } as const
      const mounts = [{ ...mount, propagation: 'PROPAGATION_PRIVATE' as const }]
      const ids = { nodeContainerId: 'a'.repeat(64), imageId: `sha256:${'b'.repeat(64)}` }
      const body = computeContainerCreateBody(NODE, 'c'.repeat(64), aContainerConfig({ mounts }), ids, {})
      const wanted = { role: 'container', boot: '', specHash: '', sandboxId: '' } as const
      const refused = { code: 'FailedPrecondition', message: expect.stringMatching(words) }
      await expect(new NodeEngine(client, NODE, systemClock()).create('hostpath', body, wanted)).rejects.toMatchObject(
        refused,
      )
      expect(await listMade(endpoint)).toEqual([])
    } finally {
      client.dispose()
      await cri.dispose()
      await service.dispose()
      rmSync(folder, { recursive: true })
    }
  })

  it('when each point of the API is tried, then what differs from Docker is what the documentation says', async () => {
    const { references } = await labImages()
    const busybox = references.find((reference) => reference.includes('/busybox:')) ?? ''
    await copyImages({ from: sharedEndpoint, to: endpoint, references: [busybox] })
    const found = await findDifferences(endpoint, busybox)
    console.log(`Podman ${program?.version ?? ''}:`, found)
    const steady = Object.keys(found).filter((point) => !NOW_AND_THEN.includes(point as TrialPoint))
    expect(steady.toSorted()).toEqual(differences.toSorted())
    expect(await listMade(endpoint)).toEqual([])
  })

  // Once is enough, and the newest is the one that a person may have. 4.3 has dropped a connection on the way, now and then.
  if (suite !== NEWEST) return
  it('when it claims a newer API, then the trial before the first lab finds it out, and no lab is made', async () => {
    const folder = mkdtempSync('/tmp/boast-')
    const proxy = await startAlteringProxy(endpoint, join(folder, 'docker.sock'), {
      answers: { '/version': (version) => ({ ...version, ApiVersion: '1.47', Components: [{ Name: 'Engine' }] }) },
    })
    try {
      const refused = await run(process.execPath, [lab.program, 'up', '--lab', lab.name, '--nodes', '1'], {
        ...lab.environment,
        DOCKER_HOST: proxy.endpoint,
      })
      expectRefusal(refused, /the engine ignores the sub-paths of volumes/, /Install Docker 26 or newer/)
      expect(await listMade(endpoint)).toEqual([])
    } finally {
      await proxy.dispose()
      rmSync(folder, { recursive: true })
    }
  })
})
