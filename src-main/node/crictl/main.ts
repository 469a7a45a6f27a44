/** `crictl` on a node. */
import { systemClock } from '../../base/clock.ts'
import { DisposableStore } from '../../base/disposable.ts'
import { createCriClient } from '../../container-runtime/grpc/client.ts'
import { forwardPort } from '../../kube/streaming/forward-port.ts'
import { runRemoteCommand } from '../../container-runtime/streaming/remote-command.ts'
import { runCrictl } from './crictl.ts'
import { ProcessTerminal } from './process-terminal.ts'

const interrupted = new AbortController()
process.on('SIGINT', () => interrupted.abort())
process.stdout.on('error', () => process.exit(0)) // the reader, such as `head`, has had enough

const owned = new DisposableStore()
const terminal = owned.add(new ProcessTerminal())
const connectTo = (endpoint: string, timeoutMs: number) =>
  owned.add(createCriClient({ socketPath: endpoint.replace(/^unix:\/\//, ''), timeoutMs }))
process.exitCode = await runCrictl(process.argv.slice(2), {
  connect({ runtimeEndpoint, imageEndpoint, timeoutMs }) {
    const client = connectTo(runtimeEndpoint, timeoutMs)
    return imageEndpoint === runtimeEndpoint
      ? client
      : { runtime: client.runtime, images: connectTo(imageEndpoint, timeoutMs).images }
  },
  environment: process.env,
  terminal,
  runRemoteCommand,
  forwardPort,
  clock: systemClock(),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  isErrorTerminal: process.stderr.isTTY,
  signal: interrupted.signal,
})
await owned.dispose()
