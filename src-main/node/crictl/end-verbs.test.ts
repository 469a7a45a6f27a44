import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given a node with a pod whose container was restarted', () => {
  it('when a container is stopped and removed, then the runtime is told so, but not while it runs', async () => {
    const { crictl, runtime, second } = await setUpCrictl()
    const refused = await crictl('rm', second)
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('is running, please stop it first')
    const removed = await crictl('rm', '-f', second)
    expect(removed).toEqual({ code: 0, out: `${second}\n${second}\n`, err: '' })
    expect(runtime.population.containers).toBe(1)
    expect((await crictl('stop', '-a')).out).toBe('No running containers found.\n')
    expect((await crictl('rm', '-a')).code).toBe(0)
    expect(runtime.population.containers).toBe(0)
  })

  it('when all are stopped, then only those that run are, and ids go with it no more', async () => {
    const { crictl, second } = await setUpCrictl()
    expect((await crictl('stop', '-a', second)).err).toContain('cannot specify CONTAINER-ID(s) when using --all')
    expect((await crictl('stop', '--all')).out).toBe(`${second}\n`)
    expect((await crictl('ps', '-q')).out).toBe('')
  })

  it('when a container is removed, then its log goes too, unless it is to be kept', async () => {
    const { crictl, runtime, first, second } = await setUpCrictl()
    const logOf = async (id: string) => {
      const { logPath } = await runtime.containerStatus(id)
      mkdirSync(path.dirname(logPath), { recursive: true })
      for (const file of [logPath, `${logPath}.20260101-000000`]) writeFileSync(file, 'line\n')
      return logPath
    }
    const [kept, gone] = [await logOf(first), await logOf(second)]
    await crictl('rm', '-fk', first)
    await crictl('rm', '-f', second)
    expect([kept, gone, `${gone}.20260101-000000`].map((file) => existsSync(file))).toEqual([true, false, false])
  })

  it('when a pod is stopped and removed, then the runtime is told so, but not while it is ready', async () => {
    const { crictl, runtime, sandbox } = await setUpCrictl()
    expect((await crictl('rmp', sandbox)).err).toContain(`pod sandbox "${sandbox}" is running, please stop it first`)
    expect(await crictl('stopp', sandbox.slice(0, 8))).toMatchObject({
      code: 0,
      out: `Stopped sandbox ${sandbox.slice(0, 8)}\n`,
    })
    expect((await crictl('pods', '--state', 'NotReady', '-q')).out).toBe(`${sandbox}\n`)
    expect((await crictl('rmp', '-a')).out).toBe(`Removed sandbox ${sandbox}\n`)
    expect(runtime.population).toMatchObject({ containers: 0, sandboxes: 0 })
    expect((await crictl('stopp')).out).toContain('crictl stopp [command options] POD-ID [POD-ID...]')
    expect(await crictl('stopp', 'nope')).toEqual({ code: 0, out: 'Stopped sandbox nope\n', err: '' })
  })
})
