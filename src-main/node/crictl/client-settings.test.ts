import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CriError } from '../../container-runtime/cri.ts'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given where the runtime is', () => {
  it('when flags, variables and the file name it, then they count in this order', async () => {
    const { crictl, connections, environment, configurationFile } = await setUpCrictl()
    await crictl('version')
    environment['CONTAINER_RUNTIME_ENDPOINT'] = 'unix:///variable.sock'
    await crictl('version')
    await crictl('-r', 'unix:///flag.sock', '-i', 'unix:///images.sock', '-t', '3s', 'version')
    writeFileSync(configurationFile, '# empty\n')
    delete environment['CONTAINER_RUNTIME_ENDPOINT']
    expect((await crictl('version')).err).toContain('runtime connect using default endpoints')
    expect(connections).toEqual([
      {
        runtimeEndpoint: 'unix:///run/containerd/containerd.sock',
        imageEndpoint: 'unix:///run/containerd/containerd.sock',
        timeoutMs: 10_000,
      },
      { runtimeEndpoint: 'unix:///variable.sock', imageEndpoint: 'unix:///variable.sock', timeoutMs: 10_000 },
      { runtimeEndpoint: 'unix:///flag.sock', imageEndpoint: 'unix:///images.sock', timeoutMs: 3000 },
      {
        runtimeEndpoint: 'unix:///run/containerd/containerd.sock',
        imageEndpoint: 'unix:///run/containerd/containerd.sock',
        timeoutMs: 2000,
      },
    ])
  })

  it('when the file is read and written, then option by option, and what it cannot hold is refused', async () => {
    const { crictl, configurationFile } = await setUpCrictl()
    expect((await crictl('config', '--get', 'timeout')).out).toBe('10\n')
    expect((await crictl('config', '--set', 'timeout=20,debug=true')).code).toBe(0)
    expect(readFileSync(configurationFile, 'utf8')).toContain('timeout: 20\ndebug: true\n')
    expect((await crictl('ps', '-q')).err).toContain('Connect using endpoint')
    expect((await crictl('config', 'debug', 'false')).code).toBe(0)
    expect((await crictl('config', '--list')).out).toMatch(/^KEY +VALUE\nruntime-endpoint +unix:/)
    expect((await crictl('config', '--set', 'timeout=soon')).err).toContain("parse timeout value 'soon'")
    expect((await crictl('config', '--get', 'colour')).err).toContain('no configuration option named colour')
    writeFileSync(configurationFile, 'timeout: [')
    expect((await crictl('ps')).err).toContain('load config file')
    expect((await crictl('--config', '/no/such', 'ps')).err).toContain('stat /no/such: no such file or directory')
  })

  it('when nobody answers there, then it is told as Go tells it', async () => {
    const { crictl, runtime } = await setUpCrictl()
    const words = 'No connection established. Last error: Error: connect ENOENT /run/no.sock. Resolution note: '
    runtime.version = () => Promise.reject(new CriError('Unavailable', words))
    expect((await crictl('-r', 'unix:///run/no.sock', 'version')).err).toContain(
      'validate service connection: validate CRI v1 runtime API for endpoint "unix:///run/no.sock": rpc error: ' +
        'code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/no.sock: ' +
        'connect: no such file or directory"',
    )
  })
})
