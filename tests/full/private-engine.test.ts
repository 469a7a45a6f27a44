/** The private engine does to containers what it says it does: the tests of node life stand on it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineApi, inspectContainer } from '../support/engine-api.ts'
import { PrivateEngine } from '../support/private-engine/private-engine.ts'

let engine: PrivateEngine

beforeAll(async () => {
  engine = await PrivateEngine.createForLabs('self')
  const [image] = await engineApi<{ Id: string }[]>(
    'GET',
    `/images/json?filters=${encodeURIComponent(JSON.stringify({ reference: ['*/pause'] }))}`,
  )
  await engineApi('POST', '/containers/create?name=canary', { Image: image?.Id, NetworkDisabled: true })
})

afterAll(() => engine.dispose())

async function startCanary(): Promise<number> {
  await engineApi('POST', '/containers/canary/start')
  return (await inspectContainer('canary')).State.Pid
}

describe('given a container on a private engine', () => {
  it('when the engine is killed and comes back with live-restore, then the container has lived on', async () => {
    const pid = await startCanary()
    await engine.kill()
    await engine.start({ 'live-restore': true })
    expect((await inspectContainer('canary')).State).toMatchObject({ Running: true, Pid: pid })
  })

  it('when the engine is stopped with live-restore and comes back without it, then the container is ended', async () => {
    await engine.stop()
    await engine.start()
    expect((await inspectContainer('canary')).State.Running).toBe(false)
  })

  it('when the machine loses its power, then the container is dead and the engine knows it again', async () => {
    await startCanary()
    await engine.reboot()
    await engine.start()
    expect((await inspectContainer('canary')).State.Running).toBe(false)
  })
})
