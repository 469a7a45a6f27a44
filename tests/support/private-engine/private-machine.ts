/**
 * A machine inside of this one, for an engine that tests may treat roughly: its own processes, network and mounts. Files
 * are this machine's, but for `/usr` where the engine brings its own. It ends with the test's process, however that ends.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/**
 * Argument: a folder whose `usr` covers the machine's, or nothing. The shell is the first process of the machine, which
 * is on as long as standard input is open. Propagation is slave (see own-engine-launch.ts).
 */
const FIRST_PROCESS = `
set -eu
cat <&0 >/dev/null &
power=$!
ip link set lo up
mount -t proc proc /proc
if [ -n "$1" ]; then
  for folder in usr/local usr/lib/modules; do
    if [ -d "/$folder" ] && [ -d "$1/$folder" ]; then mount --rbind "/$folder" "$1/$folder"; fi
  done
  if [ -e /etc/ld.so.cache ] && [ -e "$1/etc/ld.so.cache" ]; then mount --bind "$1/etc/ld.so.cache" /etc/ld.so.cache; fi
  mkdir -p /run/containerd
  mount -t tmpfs -o mode=0711,size=16m node-lab /run/containerd
  mount --rbind "$1/usr" /usr
fi
echo on
wait "$power"
`

export interface ProgramResult {
  exitCode: number
  output: string
}

export class PrivateMachine {
  readonly #outer: ChildProcess
  readonly #firstProcess: number

  private constructor(outer: ChildProcess, firstProcess: number) {
    this.#outer = outer
    this.#firstProcess = firstProcess
  }

  /** @param root see `EngineProgram` */
  static async powerOn(root: string | undefined): Promise<PrivateMachine> {
    const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--propagation', 'slave']
    const words = [...namespaces, 'bash', '-c', FIRST_PROCESS, 'node-lab-test-machine', root ?? '']
    const outer = spawn('unshare', words, { detached: true, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] })
    const errors: Buffer[] = []
    outer.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    const ended = once(outer, 'exit').then(() => 'ended' as const)
    const first = await Promise.race([ended, once(outer.stdout, 'data').then(() => 'on' as const)])
    if (first === 'ended') throw new Error(`The private machine does not start: ${Buffer.concat(errors).toString()}`)
    return new PrivateMachine(outer, await onlyChildOf(outer.pid ?? 0))
  }

  /** Starts a program that outlives nothing: it ends with the machine at the latest. `pid` is the outer machine's. */
  async start(command: readonly string[], output: number): Promise<{ pid: number; ended: Promise<void> }> {
    // The machine's programs may be other ones than ours, so the limits are raised by its own shell.
    const shell = ['/bin/sh', '-c', 'ulimit -n "$(ulimit -H -n)" || true; exec "$@"', 'start', ...command]
    const child = spawn('nsenter', [...this.#target('--mount', '--net', '--pid'), ...shell], {
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
      stdio: ['ignore', output, output],
    })
    const ended = once(child, 'exit').then(() => undefined)
    return { pid: await onlyChildOf(child.pid ?? 0), ended }
  }

  /** Runs one of our programs in the machine's network. A failure is a result, not a throw. */
  runInNetwork(program: string, ...args: string[]): Promise<ProgramResult> {
    return this.#run(['--net'], program, args)
  }

  /** Runs one of the machine's programs among its mounts, which this machine does not see. */
  runAmongMounts(program: string, ...args: string[]): Promise<ProgramResult> {
    return this.#run(['--mount'], program, args)
  }

  #run(namespaces: string[], program: string, args: string[]): Promise<ProgramResult> {
    return new Promise((resolve) => {
      execFile('nsenter', [...this.#target(...namespaces), program, ...args], (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ exitCode, output: `${stdout}${stderr}` })
      })
    })
  }

  /** Whether there is such a process. @param pid as programs in the machine count, such as its engine */
  hasProcess(pid: number): boolean {
    return existsSync(`/proc/${this.#firstProcess}/root/proc/${pid}`)
  }

  /** A power cut: every process dies at once, and mounts and network go with them. Resolves when nothing is left. */
  async powerOff(): Promise<void> {
    if (this.#outer.exitCode !== null || this.#outer.signalCode !== null) return
    const ended = once(this.#outer, 'exit')
    process.kill(this.#firstProcess, 'SIGKILL')
    await ended
  }

  #target(...namespaces: string[]): string[] {
    return ['--target', String(this.#firstProcess), ...namespaces, '--']
  }
}

/** A program that forks once and waits has one child, at first none for some moments. */
async function onlyChildOf(pid: number): Promise<number> {
  for (;;) {
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim()
    if (children !== '') return Number(children.split(' ')[0])
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
