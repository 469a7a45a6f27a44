import { describe, expect, it } from 'vitest'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given a container to be joined', () => {
  it('when a shell is run with -it, then the terminal is raw while it lasts, and a failure is told with its exit code', async () => {
    const { runtime, second, crictl, terminal, streamed } = await setUpCrictl()
    const requests: unknown[] = []
    runtime.exec = (request) => {
      requests.push(request)
      return Promise.resolve('ws+unix:///s.sock:/exec/1')
    }
    const ended = await crictl('exec', '-it', second, 'sh', '-c', 'id')
    expect(ended).toMatchObject({ code: 1, out: 'hello' })
    expect(ended.err).toContain(`execing command in container ${second}: command terminated with exit code 7`)
    const streams = { tty: true, stdin: true, stdout: true, stderr: false }
    expect(requests).toEqual([{ containerId: second, cmd: ['sh', '-c', 'id'], ...streams }])
    expect(streamed).toEqual([{ url: 'ws+unix:///s.sock:/exec/1', input: 'typed', hasSize: true, wasRaw: true }])
    expect(terminal.isRaw).toBe(false)
  })

  it('when input comes from a pipe, then nothing is raw and both outputs are asked for', async () => {
    const { runtime, second, crictl, terminal, streamed } = await setUpCrictl()
    terminal.isTerminal = false
    const requests: unknown[] = []
    runtime.attach = (request) => {
      requests.push(request)
      return Promise.resolve('ws+unix:///s.sock:/attach/1')
    }
    await crictl('attach', '-i', second)
    await crictl('attach', second)
    const streams = { containerId: second, tty: false, stdout: true, stderr: true }
    expect(requests).toEqual([
      { ...streams, stdin: true },
      { ...streams, stdin: false },
    ])
    expect(streamed.map(({ input, hasSize, wasRaw }) => [input, hasSize, wasRaw])).toEqual([
      ['typed', false, false],
      ['', false, false],
    ])
  })

  it('when the runtime has no streams, then it is said', async () => {
    const { second, crictl } = await setUpCrictl()
    expect((await crictl('exec', '-i', second, 'cat')).err).toContain('code = Unimplemented')
  })
})
