/** `/run`: a command in a container, and what it said (pkg/kubelet/server/server.go, getRun). */
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { rpcDescription } from '../runtime/describe-error.ts'
import { HttpProblem } from './http-problem.ts'

/**
 * @param commandLine split at blanks, without any quoting
 * @throws HttpProblem 500 when it cannot be run or exits with another code than 0
 */
export async function runInContainer(
  runtime: RuntimeService,
  containerId: string,
  commandLine: string,
): Promise<Buffer> {
  const command = commandLine.split(' ')
  try {
    const { exitCode, stdout, stderr } = await runtime.execSync(containerId, command, 0)
    if (exitCode === 0) return Buffer.concat([stdout, stderr])
    throw new HttpProblem(500, `command '${commandLine}' exited with ${exitCode}: ${Buffer.from(stderr).toString()}`)
  } catch (error) {
    throw error instanceof HttpProblem ? error : new HttpProblem(500, rpcDescription(error))
  }
}
