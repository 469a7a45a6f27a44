/** crictl on a simulated runtime: a pod with a container that was restarted once, a terminal and a configuration file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { toDisposable } from '../../../base/disposable.ts'
import { FakeClock } from '../../../base/testing/fake-clock.ts'
import { SimulatedRuntime } from '../../../container-runtime/simulated/simulated-runtime.ts'
import { aContainerConfig, aPodSandboxConfig } from '../../../container-runtime/testing/configs.ts'
import type { ClientSettings } from '../client-settings.ts'
import { runCrictl, type CrictlContext } from '../crictl.ts'
import type { Terminal } from '../streams.ts'

class FakeTerminal implements Terminal {
  isTerminal = true
  isRaw = false
  readonly input = (async function* () {
    await Promise.resolve()
    yield Buffer.from('typed')
  })()
  makeRaw() {
    this.isRaw = true
    return toDisposable(() => void (this.isRaw = false))
  }
  watchSize(): void {}
}

/** Its folder, where logs and the configuration file are, is removed when the test ends. */
export async function setUpCrictl() {
  const folder = mkdtempSync(path.join(tmpdir(), 'crictl-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const configurationFile = path.join(folder, 'crictl.yaml')
  writeFileSync(configurationFile, 'runtime-endpoint: unix:///run/containerd/containerd.sock\ntimeout: 10\n')
  const clock = new FakeClock()
  const runtime = new SimulatedRuntime({ clock, images: [{ reference: 'busybox:1.36', present: true }] })
  const sandboxConfig = aPodSandboxConfig()
  sandboxConfig.logDirectory = folder
  const sandbox = await runtime.runPodSandbox(sandboxConfig)
  const first = await runtime.createContainer(sandbox, aContainerConfig({ attempt: 0 }), sandboxConfig)
  await runtime.startContainer(first)
  runtime.exitContainer(first)
  await clock.advance(60_000)
  const second = await runtime.createContainer(sandbox, aContainerConfig({ attempt: 1 }), sandboxConfig)
  await runtime.startContainer(second)
  await clock.advance(120_000)
  const terminal = new FakeTerminal()
  const streamed: { url: string; input: string; hasSize: boolean; wasRaw: boolean }[] = []
  const runRemoteCommand: CrictlContext['runRemoteCommand'] = async (url, streams) => {
    let input = ''
    for await (const chunk of streams.stdin ?? []) input += Buffer.from(chunk).toString()
    streamed.push({ url, input, hasSize: streams.watchSize !== undefined, wasRaw: terminal.isRaw })
    streams.stdout(Buffer.from('hello'))
    return 7
  }
  const connections: ClientSettings[] = []
  const environment: Record<string, string> = { CRI_CONFIG_FILE: configurationFile }
  const interrupted = new AbortController()
  const crictl = async (...argv: string[]) => {
    let out = ''
    let err = ''
    const code = await runCrictl(argv, {
      connect(settings) {
        connections.push(settings)
        return { runtime, images: runtime.images }
      },
      environment,
      isErrorTerminal: true,
      clock,
      terminal,
      runRemoteCommand,
      forwardPort: () => Promise.reject(new Error('not in this test')),
      stdout: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
      stderr: (text) => void (err += typeof text === 'string' ? text : Buffer.from(text).toString()),
      signal: interrupted.signal,
    })
    return { code, out, err }
  }
  return {
    folder,
    clock,
    runtime,
    sandbox,
    first,
    second,
    crictl,
    terminal,
    streamed,
    connections,
    environment,
    configurationFile,
    interrupted,
  }
}
