import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { CriError } from '../../container-runtime/cri.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { CrictlError } from './verb.ts'
import { forwardPorts, parsePortPair } from './port-forward.ts'
import type { PortForwardContext } from './port-forward.ts'

describe('parsePortPair', () => {
  it.each([
    ['80', { local: 80, remote: 80 }],
    ['8080:80', { local: 8080, remote: 80 }],
    [':80', { local: 0, remote: 80 }],
  ])('given %s, then both sides are known', (word, pair) => {
    expect(parsePortPair(word)).toEqual(pair)
  })

  it.each(['', '0', '65536', '80:', '70000:80', 'http', '1:2:3'])('given "%s", then it is refused', (word) => {
    expect(() => parsePortPair(word)).toThrow(CrictlError)
  })
})

/** A runtime whose addresses name the port, and an other side that says them in capitals and what it was told. */
async function forwarding(portForward: SimulatedRuntime['portForward']) {
  const runtime = Object.assign(new SimulatedRuntime({ clock: new FakeClock() }), { portForward })
  const said = { out: '', err: '' }
  const listening = Promise.withResolvers<number>()
  const end = new AbortController()
  const context: PortForwardContext = {
    async forwardPort(url: string, connection: Socket) {
      connection.end(`${url.toUpperCase()} ${await text(connection.iterator({ destroyOnReturn: false }))}`)
    },
    stdout(line) {
      said.out += line
      listening.resolve(Number(/:(\d+) ->/.exec(line)?.[1]))
    },
    stderr: (line) => void (said.err += line),
    signal: end.signal,
  }
  const done = forwardPorts(context, runtime, 'a'.repeat(64), [{ local: 0, remote: 80 }])
  return { said, end, done, port: await listening.promise }
}

describe('forwardPorts', () => {
  it('given a connection, then it is joined to the port of the pod, and both directions cross', async () => {
    const { said, end, done, port } = await forwarding((request) => Promise.resolve(`pod:${request.port.join(',')}`))
    const connection = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    connection.end('hello')
    expect(await text(connection)).toBe('POD:80 hello')
    expect(said).toEqual({ out: `Forwarding from 127.0.0.1:${port} -> 80\n`, err: '' })
    end.abort()
    await done
    const [refusal] = await once(connect(port, '127.0.0.1'), 'error')
    expect(refusal).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('given a pod that is gone, then the connection ends and the words are told, and the next may try', async () => {
    const { said, end, done, port } = await forwarding(() => Promise.reject(new CriError('NotFound', 'no such pod')))
    for (let attempt = 0; attempt < 2; attempt++) await text(connect(port, '127.0.0.1')).catch(() => undefined)
    expect(said.err).toBe('E crictl: no such pod\n'.repeat(2))
    end.abort()
    await done
  })
})
