/** A runtime service as a process of this machine, in front of an engine that has no node for it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { RUNTIME_ENVIRONMENT } from '../../../src-main/common/node-layout.ts'
import { waitUntil } from '../wait-until.ts'

const PROGRAM = join(import.meta.dirname, '../../../src-main/container-runtime/docker/main.ts')

export interface RunningService {
  criSocket: string
  dispose: () => Promise<void>
}

/** Resolves when it serves CRI. @param folder for its sockets, and as the root of the node */
export async function startRuntimeService(options: { endpoint: string; folder: string }): Promise<RunningService> {
  const { endpoint, folder } = options
  const criSocket = join(folder, 'cri.sock')
  const told: Record<keyof typeof RUNTIME_ENVIRONMENT, string> = {
    ...{ lab: 'none', node: 'node01', nodeContainer: 'none', volume: 'none', network: 'none', pauseImage: 'none' },
    catalogue: '',
  }
  const variables = Object.entries(RUNTIME_ENVIRONMENT).map(([key, name]) => [name, told[key as keyof typeof told]])
  const socket = endpoint.replace(/^unix:\/\//, '')
  const words = [PROGRAM, '--engine-socket', socket, '--node-root', folder, '--cri-socket', criSocket]
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...(Object.fromEntries(variables) as Record<string, string>) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const dispose = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  try {
    await waitUntil({ what: 'the runtime service to serve', timeoutSeconds: 60 }, () => {
      if (!log.includes('serving CRI')) throw new Error(log)
      return true
    })
  } catch (error) {
    await dispose()
    throw error
  }
  return { criSocket, dispose }
}
