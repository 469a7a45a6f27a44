/** What a probe makes of paths and headers that Node.js itself would refuse. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { HTTPGetAction } from '../../common/api/core.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import { runProbe } from './run-probe.ts'
import type { ProbeOutcome } from './run-probe.ts'

/** Asks a server that remembers the paths it was asked for. */
async function probe(
  httpGet: Partial<HTTPGetAction>,
): Promise<{ outcome: ProbeOutcome; paths: (string | undefined)[] }> {
  const paths: (string | undefined)[] = []
  const server = createServer((request, response) => {
    paths.push(request.url)
    response.end()
  })
  const clock = new FakeClock()
  try {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const target = {
      runtime: new SimulatedRuntime({ clock, images: [] }),
      clock,
      container: { name: 'c', image: 'busybox' },
      containerId: 'id',
      ip: '127.0.0.1',
    }
    return { outcome: await runProbe(target, { httpGet: { port, ...httpGet } }), paths }
  } finally {
    server.close()
  }
}

describe('an httpGet probe', () => {
  it('given a path with blanks and letters of other alphabets, then they are escaped as Go does', async () => {
    const { outcome, paths } = await probe({ path: 'a b/상태?full=%20yes' })
    expect(outcome).toEqual({ kind: 'success' })
    expect(paths).toEqual(['/a%20b/%EC%83%81%ED%83%9C?full=%20yes'])
  })

  it('given a header that cannot be sent, then the probe counts for nothing and says why', async () => {
    const { outcome, paths } = await probe({ httpHeaders: [{ name: 'X-Note', value: '상태' }] })
    expect(outcome).toEqual({ kind: 'error', output: expect.stringContaining('X-Note') as string })
    expect(paths).toEqual([])
  })
})
