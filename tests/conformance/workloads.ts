/** What the containers of the cases do: as a script for a shell, and as a behaviour for the simulated runtime. */
import type { ContainerBehaviour } from '../../src-main/container-runtime/simulated/behaviour.ts'

export interface Workload {
  script: string
  behaviour: ContainerBehaviour
}

/** Runs until it is killed; as the first process of its namespace, a shell takes no notice of SIGTERM. */
export const IDLE: Workload = { script: 'while :; do sleep 1000; done', behaviour: { onTerm: 'ignore' } }

export function exitsWith(exitCode: number): Workload {
  return { script: `exit ${exitCode}`, behaviour: { exitAfterMs: 0, exitCode } }
}

/** Runs for a moment: of a container that ends at once, containerd may write down the end before the start. */
export const COMPLETES: Workload = {
  script: 'sleep 0.2',
  behaviour: { exitAfterMs: 200, exitCode: 0 },
}

/** Ends by a signal of its own: a first process cannot be killed from inside, so a child is, and its end is passed on. */
export function diesBy(signal: 'KILL' | 'TERM'): Workload {
  const exitCode = signal === 'KILL' ? 137 : 143
  return {
    script: `sh -c 'kill -${signal} $$'; exit $?`,
    behaviour: { exitAfterMs: 0, exitCode },
  }
}

/** Answers SIGTERM by exiting. */
export function obeysTerm(exitCode: number): Workload {
  return {
    script: `trap "exit ${exitCode}" TERM; touch /ready; while :; do sleep 0.05; done`,
    behaviour: { onTerm: { exitCode, afterMs: 0 } },
  }
}

export const IGNORES_TERM: Workload = {
  script: 'trap "" TERM; touch /ready; while :; do sleep 0.05; done',
  behaviour: { onTerm: 'ignore' },
}

/** Takes memory until the kernel ends it, well beyond 24 MB. */
export const EATS_MEMORY: Workload = {
  script: 'x=a; while :; do x=$x$x; done',
  behaviour: { exitAfterMs: 100, oomKilled: true },
}

export const BURNS_CPU: Workload = {
  script: 'while :; do :; done',
  behaviour: { onTerm: 'ignore', usage: { cores: 0.8, memoryBytes: 1_000_000 } },
}

/** For what only a real process can do. */
export function runs(script: string): Workload {
  return { script, behaviour: {} }
}

export interface Command {
  words: string[]
  /** What the simulated runtime answers to it. */
  answer: ReturnType<NonNullable<ContainerBehaviour['exec']>>
}

export const SPEAKS: Command = {
  words: ['sh', '-c', 'echo out; echo err >&2; exit 3'],
  answer: { stdout: Buffer.from('out\n'), stderr: Buffer.from('err\n'), exitCode: 3 },
}

/** Every byte there is, and no valid UTF-8. */
export const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, index) => index)
export const SPEAKS_BINARY: Command = {
  words: ['printf', Array.from(ALL_BYTES, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')],
  answer: { stdout: ALL_BYTES },
}

export const SLEEPS: Command = { words: ['sleep', '30'], answer: { afterMs: 30_000 } }

/** Succeeds once a workload with a trap has set it. */
export const IS_READY: Command = { words: ['test', '-e', '/ready'], answer: {} }

export const IS_NOWHERE: Command = {
  words: ['/no/such/program'],
  answer: { startError: 'exec: "/no/such/program": no such file or directory' },
}

const COMMANDS = [SPEAKS, SPEAKS_BINARY, SLEEPS, IS_READY, IS_NOWHERE]

/** For simulated containers; a command that is not known succeeds and says nothing. */
export function answerSimulated(words: readonly string[]): Command['answer'] {
  return COMMANDS.find((command) => command.words.join('\0') === words.join('\0'))?.answer ?? {}
}
