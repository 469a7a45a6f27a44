/**
 * Ends a command whose time is over. The engine cannot: it tells a process id of its own machine only. So the command is
 * marked in its environment, which its children inherit, and a second command in the same container looks for the mark.
 */
import type { EngineClient } from './engine-client.ts'

const MARK_VARIABLE = 'NODE_LAB_EXEC'

/** The environment variable that marks a command. */
export function markOf(token: string): string {
  return `${MARK_VARIABLE}=${token}`
}

/** Three rounds, as a process may be forking while it is looked for. The mark is an argument: it must not find itself. */
const SCRIPT = `for round in 1 2 3; do
  for process in /proc/[0-9]*; do
    grep -q "$1" "$process/environ" 2>/dev/null && kill -9 "\${process#/proc/}"
  done
done
exit 0`

/**
 * Resolves when the marked processes have been killed. Where the container has no shell, or its commands may not look at
 * each other, they run on until the container ends.
 * @throws EngineError, CriError
 */
export async function endMarkedCommand(
  engine: EngineClient,
  containerId: string,
  mark: string,
  signal: AbortSignal,
): Promise<void> {
  const { Id: execId } = await engine.json<{ Id: string }>(`/containers/${containerId}/exec`, {
    method: 'POST',
    body: { AttachStdout: true, AttachStderr: true, Cmd: ['sh', '-c', SCRIPT, 'sh', mark] },
    signal,
  })
  await engine.text(`/exec/${execId}/start`, { method: 'POST', body: { Detach: false, Tty: false }, signal })
}
