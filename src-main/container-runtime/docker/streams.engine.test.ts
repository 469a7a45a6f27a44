/** Exec and Attach on the real engine, through the service's stream socket. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runRemoteCommand } from '../streaming/remote-command.ts'
import type { RemoteCommandStreams } from '../streaming/remote-command.ts'
import { EngineNode } from '../testing/engine-node.ts'
import { startPod } from '../testing/engine-pods.ts'
import type { StartedPod } from '../testing/engine-pods.ts'

let node: EngineNode
let pod: StartedPod
const ALL = { tty: false, stdin: true, stdout: true, stderr: true }

beforeAll(async () => {
  node = await EngineNode.start()
  pod = await startPod(node, 'sleep 1000')
})
afterAll(() => node.dispose())

async function* once(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield Buffer.from(text)
}

async function run(url: string, streams: Partial<RemoteCommandStreams> = {}) {
  const output = { stdout: '', stderr: '' }
  const code = await runRemoteCommand(url, {
    stdout: (data) => void (output.stdout += Buffer.from(data).toString()),
    stderr: (data) => void (output.stderr += Buffer.from(data).toString()),
    signal: AbortSignal.timeout(30_000),
    ...streams,
  })
  return { code, ...output }
}

describe('exec', () => {
  it('given input that ends, then the command sees its end, and its output and exit code come back', async () => {
    const cmd = ['sh', '-c', 'cat; echo oops >&2; exit 3']
    const url = await node.cri.runtime.exec({ containerId: pod.containerId, cmd, ...ALL })
    expect(url).toMatch(/^ws\+unix:\/\/\/.+\/stream\.sock:\/exec\/[0-9a-f]{32}$/)
    expect(await run(url, { stdin: once('hello\n') })).toEqual({ code: 3, stdout: 'hello\n', stderr: 'oops\n' })
  })

  it('given an address that was used, then it is not there any more', async () => {
    const url = await node.cri.runtime.exec({ containerId: pod.containerId, cmd: ['true'], ...ALL })
    expect(await run(url)).toMatchObject({ code: 0 })
    await expect(run(url)).rejects.toThrow('404')
  })

  it('given much output, then nothing of it is lost', async () => {
    const cmd = ['sh', '-c', 'yes 0123456789abcde | head -c 4000000']
    const url = await node.cri.runtime.exec({ containerId: pod.containerId, cmd, ...ALL })
    const { code, stdout } = await run(url)
    expect([code, stdout.length]).toEqual([0, 4_000_000])
  })

  it('given a terminal and no input, then the output is there to its end, and the exit code', async () => {
    const cmd = ['sh', '-c', 'echo hi; sleep 0.5; echo ho; exit 4']
    const request = { containerId: pod.containerId, cmd, tty: true, stdin: true, stdout: true, stderr: false }
    const url = await node.cri.runtime.exec(request)
    expect(await run(url, { stdin: once('') })).toMatchObject({ code: 4, stdout: 'hi\r\nho\r\n' })
  })

  it('given a terminal, then the command has one of the size that was said', async () => {
    const cmd = [
      'sh',
      '-c',
      'tty >/dev/null && echo is; while ! stty size 2>/dev/null | grep -q "33 111"; do sleep 0.1; done; stty size',
    ]
    const url = await node.cri.runtime.exec({ containerId: pod.containerId, cmd, ...ALL, tty: true, stderr: false })
    const { code, stdout } = await run(url, { watchSize: (onSize) => onSize({ width: 111, height: 33 }) })
    expect([code, stdout]).toEqual([0, 'is\r\n33 111\r\n'])
  })

  it('given a command that is not there, then it is told, with the code of a shell', async () => {
    const url = await node.cri.runtime.exec({ containerId: pod.containerId, cmd: ['/no/such'], ...ALL })
    const { code, stdout } = await run(url)
    expect([126, 127]).toContain(code)
    expect(stdout).toContain('no such file or directory')
  })

  it('given bad requests, then they are refused before there is an address', async () => {
    const { runtime } = node.cri
    const request = { containerId: pod.containerId, cmd: ['true'], ...ALL }
    await expect(runtime.exec({ ...request, tty: true })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(runtime.exec({ ...request, cmd: [] })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(runtime.exec({ ...request, containerId: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'NotFound' })
    await expect(runtime.exec({ ...request, containerId: pod.sandboxId })).rejects.toMatchObject({ code: 'NotFound' })
    await expect(
      runtime.attach({ containerId: pod.containerId, tty: false, stdin: false, stdout: false, stderr: false }),
    ).rejects.toMatchObject({ code: 'InvalidArgument' })
  })
})

describe('ExecSync', () => {
  it('given a command that outlives its time, then neither it nor its children are left, and others are', async () => {
    const { runtime } = node.cri
    const other = runtime.execSync(pod.containerId, ['sleep', '8'], 60)
    const command = ['sh', '-c', 'trap "" TERM; sleep 4321 & sleep 4322']
    await expect(runtime.execSync(pod.containerId, command, 1)).rejects.toMatchObject({ code: 'DeadlineExceeded' })
    const { stdout } = await runtime.execSync(pod.containerId, ['ps', '-o', 'args'], 0)
    const processes = Buffer.from(stdout).toString()
    expect(processes).not.toMatch(/432[12]/)
    expect(processes).toMatch(/sleep 1000\n/)
    expect(processes).toMatch(/sleep 8\n/)
    expect((await other).exitCode).toBe(0)
  })
})

describe('attach', () => {
  it('given a container that reads its input, then it gets ours, we get its output, and it ends with our input', async () => {
    const echo = await startPod(node, 'while read line; do echo "got $line"; done; echo end', {
      stdin: true,
      stdinOnce: true,
    })
    const url = await node.cri.runtime.attach({ containerId: echo.containerId, ...ALL })
    expect(await run(url, { stdin: once('one\ntwo\n') })).toMatchObject({ code: 0, stdout: 'got one\ngot two\nend\n' })
    await node.cri.runtime.removePodSandbox(echo.sandboxId)
  })

  it('given an input that stays open, then the end of ours leaves it so, and the next one is heard too', async () => {
    const echo = await startPod(node, 'while read line; do echo "got $line"; done; echo end', { stdin: true })
    for (const word of ['one', 'two']) {
      const url = await node.cri.runtime.attach({ containerId: echo.containerId, ...ALL })
      const leave = new AbortController()
      let heard = ''
      const stdout = (data: Uint8Array): void => {
        heard += Buffer.from(data).toString()
        if (heard.endsWith('\n')) leave.abort()
      }
      await expect(run(url, { stdin: once(`${word}\n`), stdout, signal: leave.signal })).rejects.toThrow('ended before')
      expect(heard).toBe(`got ${word}\n`)
    }
    await node.cri.runtime.removePodSandbox(echo.sandboxId)
  })
})
