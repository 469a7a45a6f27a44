import { describe, expect, it } from 'vitest'
import { FakeEngine } from '../testing/fake-engine.ts'
import { probePublishedPort } from './probe-published-port.ts'

const FIRST_PORT = 1

async function anEngine(): Promise<FakeEngine> {
  const engine = new FakeEngine()
  const addresses = { subnet: '172.17.0.0/16', ipRange: '172.17.0.0/16', gateway: '172.17.0.1' }
  await engine.createNetwork({ name: 'bridge', ...addresses, labels: {}, internal: false })
  return engine
}

/** Ports below 1024, where nobody listens; the lowest that was not tried. */
function probe(engine: FakeEngine): ReturnType<typeof probePublishedPort> {
  return probePublishedPort(engine, {
    image: 'node',
    home: '/home',
    choosePort: (tried) => Promise.resolve(FIRST_PORT + tried.size),
  })
}

describe('the probe of a published port', () => {
  it('given a helper that listened to its end, when nobody reached it, then that is a failure', async () => {
    const engine = await anEngine()
    engine.helperExitCode = 3
    expect(await probe(engine)).toMatchObject({
      ok: false,
      finding: 'published-unreached',
      values: { port: FIRST_PORT },
    })
  })

  it('given a port that another lab took meanwhile, when probed, then the next one is tried', async () => {
    const engine = await anEngine()
    engine.helperExitCode = 3
    engine.takenPorts.add(FIRST_PORT)
    expect((await probe(engine)).values).toEqual({ port: FIRST_PORT + 1 })
  })

  it.each([
    [
      'each port is taken',
      (engine: FakeEngine) => [1, 2, 3, 4, 5].forEach((port) => void engine.takenPorts.add(port)),
      'port is already allocated',
    ],
    ['the helper was killed', (engine: FakeEngine) => void (engine.helperExitCode = 137), 'exit code 137'],
  ])('given %s, when probed, then it was not looked at, and why', async (_what, arrange, reason) => {
    const engine = await anEngine()
    arrange(engine)
    const check = await probe(engine)
    expect(check).toMatchObject({ ok: true, skipped: true, finding: 'skipped-container' })
    expect(check.message).toContain(reason)
  })
})
