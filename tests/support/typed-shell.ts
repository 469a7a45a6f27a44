/** A shell of a node as a person has it: `node-lab shell NODE` on a terminal, and what is typed there. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { waitUntil } from './wait-until.ts'
import type { TestLab } from './test-lab.ts'

/** Colours, the cursor's moves, and what a terminal is told of itself. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROLS = /\u001B(?:\[[0-9;?<>=]*[a-zA-Z]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[()][A-Z0-9]|[=>78])/g
const PROMPT = /root@([\w-]+):([^\r\n]*)# $/

export class TypedShell {
  readonly #process: ChildProcessWithoutNullStreams
  #output = ''
  #seen = 0

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process
    process.stdout.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
    process.stderr.resume()
    process.stdin.on('error', () => undefined) // a shell that has ended takes nothing any more
  }

  /** Waits for the prompt. */
  static async open(lab: TestLab, node: string): Promise<TypedShell> {
    const quoted = [process.execPath, lab.program, 'shell', node, '--lab', lab.name].map((word) => `'${word}'`)
    const child = spawn('script', ['-qefc', `stty rows 40 cols 200; exec ${quoted.join(' ')}`, '/dev/null'], {
      env: { ...process.env, ...lab.environment, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    })
    const shell = new TypedShell(child)
    await shell.seePrompt(node)
    return shell
  }

  /** What has come since the last look, without controls. */
  get #news(): string {
    return this.#output.slice(this.#seen).replace(CONTROLS, '')
  }

  /** Types a command and Enter; answers what it printed until the prompt is there again, of the same node or of `node`. */
  async type(command: string, node?: string): Promise<string> {
    this.keys(`${command}\r`)
    const text = await this.seePrompt(node)
    const lines = text.replaceAll('\r', '').split('\n')
    return lines.slice(1, -1).join('\n')
  }

  /** Keys, as they are. */
  keys(text: string): void {
    this.#process.stdin.write(text)
  }

  /** Waits until something is on the screen. */
  async see(pattern: RegExp): Promise<string> {
    return waitUntil({ what: `${pattern} on the terminal`, timeoutSeconds: 60, intervalMs: 20 }, () => {
      const text = this.#news
      if (!pattern.test(text)) throw new Error(JSON.stringify(text.slice(-800)))
      this.#seen = this.#output.length
      return text
    })
  }

  async seePrompt(node?: string): Promise<string> {
    return this.see(node === undefined ? PROMPT : new RegExp(`root@${node}:[^\\r\\n]*# $`))
  }

  close(): void {
    this.#process.kill('SIGHUP')
  }
}
