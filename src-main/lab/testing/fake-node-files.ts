/** A fake engine whose nodes keep files, and do the few commands by which they are brought into a cluster. */
import { PassThrough } from 'node:stream'
import { extract } from 'tar-stream'
import { ROLE_LABEL } from '../../common/engine-labels.ts'
import type { EngineExec } from '../engine/engine.ts'
import { FakeEngine } from './fake-engine.ts'

interface NodeFileContent {
  content: string
  mode: number
}

const KUBELET_CONFIGURATION = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
# A word of the learner's.
address: 127.0.0.1
`

export class FakeNodeEngine extends FakeEngine {
  /** By container, then by path. */
  readonly files = new Map<string, Map<string, NodeFileContent>>()
  /** Containers, in the order of their kubelets' restarts. */
  readonly restarts: string[] = []
  /** Containers on which an API server was waited for. */
  readonly waits: string[] = []
  /** Number of the next command that fails, from 1. */
  failingCommand = 0
  /** What else a shell's line does in a container. */
  onScript: (container: string, script: string) => Promise<void> = () => Promise.resolve()
  #commands = 0

  /** Commands since the last call. */
  countCommands(): number {
    const count = this.#commands
    this.#commands = 0
    return count
  }

  /** The files of the simulated nodes are the container's own; those of nodes are in volumes. */
  override async removeContainer(nameOrId: string): Promise<void> {
    const { spec } = this.containers.get(nameOrId) ?? this.containerNamed(nameOrId) ?? {}
    await super.removeContainer(nameOrId)
    if (spec?.labels[ROLE_LABEL] === 'simulated') this.files.delete(spec.name)
  }

  filesOf(container: string): Map<string, NodeFileContent> {
    const present = this.files.get(container)
    if (present !== undefined) return present
    const made = new Map([['/var/lib/kubelet/config.yaml', { content: KUBELET_CONFIGURATION, mode: 0o644 }]])
    this.files.set(container, made)
    return made
  }

  override async exec(
    nameOrId = '',
    { command }: { command: readonly string[] } = { command: [] },
  ): Promise<EngineExec> {
    const stdin = new PassThrough()
    const stdout = new PassThrough()
    const stderr = new PassThrough()
    this.#commands += 1
    const container = this.containers.get(nameOrId)?.spec.name ?? nameOrId
    const isFailing = this.#commands === this.failingCommand
    const work = isFailing ? Promise.resolve(1) : this.#run(container, command.slice(2), stdin, stdout)
    const exit = work.then((code) => {
      stdout.end()
      stderr.end()
      return code
    })
    return Promise.resolve({ stdin, stdout, stderr, exit, resize: () => Promise.resolve(), close: () => undefined })
  }

  async #run(container: string, command: readonly string[], stdin: PassThrough, stdout: PassThrough): Promise<number> {
    const files = this.filesOf(container)
    const [program = '', ...rest] = command
    switch (program) {
      case 'cat': {
        const file = files.get(rest[0] ?? '')
        stdout.write(file?.content ?? '')
        return file === undefined ? 1 : 0
      }
      case 'tar':
        for await (const entry of stdin.pipe(extract())) {
          let content = ''
          for await (const chunk of entry) content += String(chunk)
          files.set(`/${entry.header.name}`, { content, mode: entry.header.mode ?? 0 })
        }
        return 0
      case 'rm':
        for (const path of rest) files.delete(path)
        return 0
      default:
        if (rest.some((word) => word.includes('systemctl restart kubelet'))) this.restarts.push(container)
        if (rest.some((word) => word.includes('/readyz'))) this.waits.push(container)
        await this.onScript(container, rest.at(-1) ?? '')
        return 0
    }
  }
}
