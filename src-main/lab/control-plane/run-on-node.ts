/** Commands on a running node, with a bound on their time and on what is read of them. */
import { LabError } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'

/** What a node says is not trusted; nobody needs more of it than this. */
const MAX_OUTPUT_BYTES = 1024 * 1024
/** More than any single step takes. */
export const COMMAND_SECONDS = 30

export interface NodeCommandResult {
  exitCode: number
  stdout: string
  stderr: string
}

/** @param options `input`: for the command's standard input */
export async function runOnNode(
  engine: Engine,
  container: string,
  command: readonly string[],
  options: { input?: Buffer; timeoutSeconds: number },
): Promise<NodeCommandResult> {
  const exec = await engine.exec(container, {
    command: ['timeout', String(options.timeoutSeconds), ...command],
    stdin: options.input !== undefined,
  })
  if (options.input !== undefined) exec.stdin.end(options.input)
  const [stdout, stderr] = await Promise.all([readCapped(exec.stdout), readCapped(exec.stderr)])
  return { exitCode: await exec.exit, stdout, stderr }
}

/** @throws Conflict with the command's words when it fails */
export async function requireOnNode(
  engine: Engine,
  container: string,
  command: readonly string[],
  options: { what: string; node: string; input?: Buffer; timeoutSeconds: number },
): Promise<string> {
  const { exitCode, stdout, stderr } = await runOnNode(engine, container, command, options)
  if (exitCode === 0) return stdout
  const words = [stderr.trim(), stdout.trim()].filter((text) => text !== '').join('\n')
  throw new LabError({
    kind: 'Conflict',
    message: `${options.node}: ${options.what} failed: ${words === '' ? `exit code ${exitCode}` : words}`,
    remedy: `Look on the node with: node-lab shell ${options.node}`,
  })
}

async function readCapped(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    if (length < MAX_OUTPUT_BYTES) chunks.push(chunk)
    length += chunk.length
  }
  return Buffer.concat(chunks).subarray(0, MAX_OUTPUT_BYTES).toString('utf8')
}
