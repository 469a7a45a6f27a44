/** A lab of its own for a test file, driven through the command line as a user would, on the real engine. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pod, PodList } from '../../src-main/common/api/core.ts'
import type { FileVerdict } from '../../src-main/common/lab/file-verdict.ts'
import type { TimelineEntry } from '../../src-main/common/lab/timeline-entry.ts'
import { listContainers } from './engine-api.ts'
import { waitUntil } from './wait-until.ts'

const CLI = join(import.meta.dirname, '../../src-main/shell/cli/main.ts')

export interface CommandResult {
  exitCode: number
  stdout: string
  stderr: string
}

/** Runs a program to its end; a failure is a result, not a throw. */
export function run(program: string, args: string[], environment: Record<string, string> = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ exitCode, stdout, stderr })
      },
    )
  })
}

export class TestLab {
  readonly name: string
  readonly home: string

  constructor(name: string, home = mkdtempSync('/tmp/node-lab-test-')) {
    this.name = `${name}-${process.pid.toString(36)}`
    this.home = home
  }

  /** The command line, for what is not about one lab. */
  get program(): string {
    return CLI
  }

  /** What everything of this lab bears in the engine. */
  get label(): string {
    return `io.node-lab.lab=${this.name}`
  }

  get environment(): Record<string, string> {
    return { NODE_LAB_HOME: this.home }
  }

  /** `node-lab WORDS --lab NAME`, as a result. */
  cli(...words: string[]): Promise<CommandResult> {
    const [command = '', ...rest] = words
    return run(process.execPath, [CLI, command, ...this.withLab(rest)], this.environment)
  }

  /** Starts `node-lab WORDS --lab NAME` and leaves it running. */
  start(...words: string[]): ChildProcess {
    const [command = '', ...rest] = words
    return spawn(process.execPath, [CLI, command, ...this.withLab(rest)], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /** Like `cli`, but a failure fails the test with what the command said. */
  async ok(...words: string[]): Promise<string> {
    const result = await this.cli(...words)
    if (result.exitCode !== 0) {
      throw new Error(`node-lab ${words.join(' ')} exited with ${result.exitCode}:\n${result.stderr}\n${result.stdout}`)
    }
    return result.stdout
  }

  async json<T>(...words: string[]): Promise<T> {
    return JSON.parse(await this.ok(...words)) as T
  }

  async manifestsFolder(node = 'node01'): Promise<string> {
    return (await this.ok('manifests', node)).trim()
  }

  /** Writes a file straight into the node's folder, as any editor would. */
  async drop(file: string, content: string | Uint8Array, node = 'node01'): Promise<void> {
    writeFileSync(join(await this.manifestsFolder(node), file), content)
  }

  async removeFile(file: string, node = 'node01'): Promise<void> {
    rmSync(join(await this.manifestsFolder(node), file))
  }

  async pods(node?: string): Promise<Pod[]> {
    const list = await this.json<PodList>('pods', ...(node === undefined ? [] : [node]), '-o', 'json')
    return list.items
  }

  async pod(name: string): Promise<Pod | undefined> {
    return (await this.pods()).find((pod) => pod.metadata.name === name)
  }

  files(node = 'node01'): Promise<FileVerdict[]> {
    return this.json<FileVerdict[]>('files', node, '--json')
  }

  timeline(): Promise<TimelineEntry[]> {
    return this.json<TimelineEntry[]>('timeline', '-o', 'json')
  }

  /** Waits until the pod is as `accept` wants it. */
  waitForPod(name: string, what: string, accept: (pod: Pod) => boolean, timeoutSeconds = 90): Promise<Pod> {
    return waitUntil({ what: `${name} ${what}`, timeoutSeconds, intervalMs: 250 }, async () => {
      const pod = await this.pod(name)
      if (pod === undefined) throw new Error(`there is no pod ${name}`)
      if (!accept(pod)) throw new Error(JSON.stringify(pod.status))
      return pod
    })
  }

  waitForRunning(name: string, restartCount = 0): Promise<Pod> {
    return this.waitForPod(
      name,
      `running with restartCount ${restartCount}`,
      (pod) =>
        pod.status?.phase === 'Running' &&
        (pod.status.containerStatuses ?? []).every((status) => status.state.running !== undefined) &&
        (pod.status.containerStatuses ?? []).some((status) => status.restartCount === restartCount),
    )
  }

  async waitForGone(name: string, timeoutSeconds = 90): Promise<void> {
    await waitUntil({ what: `${name} to be gone`, timeoutSeconds, intervalMs: 250 }, async () =>
      (await this.pod(name)) === undefined ? true : undefined,
    )
  }

  /** Engine containers of this lab by role: `sandbox`, `container`, `node`, `runtime`. */
  containers(role: string, ...filters: string[]): Promise<string[]> {
    return listContainers(`label=${this.label}`, `label=io.node-lab.role=${role}`, ...filters)
  }

  /** All engine containers of this lab, the newest first. */
  allContainers(): Promise<string[]> {
    return listContainers(`label=${this.label}`)
  }

  /** Removes the lab and its home; what cannot be removed fails the test file. */
  async dispose(): Promise<void> {
    await this.ok('delete')
    rmSync(this.home, { recursive: true, force: true })
  }

  /** `--lab` goes before a `--`, so that it is ours and not the inner command's. */
  private withLab(words: string[]): string[] {
    const separator = words.indexOf('--')
    const lab = ['--lab', this.name]
    return separator < 0 ? [...words, ...lab] : [...words.slice(0, separator), ...lab, ...words.slice(separator)]
  }
}
