/**
 * Ends commands whose client has gone. An engine ends none: a command on a terminal keeps its terminal, and one without a
 * terminal waits on, whether its client closed the connection, was killed, or was cut off. So a second command beside each of
 * them, where nothing but `sh` has to be there, holds a connection of the same client: when its input ends, it hangs the first
 * one up as a kernel does a terminal whose line has dropped.
 */
import { randomBytes } from 'node:crypto'
import { finished } from 'node:stream/promises'
import { delay, type Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Engine, EngineExec } from '../engine/engine.ts'

/** Name of the environment variable that marks a command, and what it starts. */
const MARK_VARIABLE = 'NODE_LAB_TERMINAL'
const MARK_BYTES = 16
/** Hanging up takes milliseconds, and at most a second and a half where a shell ignores it; then it goes on by itself. */
const HANG_UP_LIMIT_MS = 5_000

/**
 * The marked command is the one that came from outside the container (its parent is 0); what it has started bears the mark,
 * too. It is looked for at the end only, and for twenty seconds: the client may have gone while the engine was about to start it.
 * Only builtins of the shell: an image may have little else. Signals are those of a kernel: SIGHUP to the leader's group and
 * SIGCONT for what is stopped; the group in the terminal's foreground gets its own when the leader ends. A shell that traps
 * SIGHUP would wait for ever at a terminal that nobody holds, so it is killed.
 */
const WATCH = `
find_leader() {
  for folder in /proc/[0-9]*; do
    parent=
    while read -r key value; do
      case $key in PPid:) parent=$value; break ;; esac
    done <"$folder/status"
    [ "$parent" = 0 ] || continue
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"${MARK_VARIABLE}=$1"*) leader=\${folder#/proc/}; return 0 ;; esac
      line=
    done <"$folder/environ"
  done 2>/dev/null
  return 1
}
watch() {
  while read -r word; do [ "$word" = over ] && exit 0; done
  tries=100
  until find_leader "$2"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || exit 0
    sleep 0.2
  done
  kill -s HUP -- "-$leader"
  kill -s CONT -- "-$leader"
  [ "$1" = terminal ] || exit 0
  for step in 1 2 3 4 5; do
    sleep 0.2
    find_leader "$2" || exit 0
  done
  kill -s KILL "$leader"
  exit 0
}
watch "$2" "$3" 2>/dev/null
`
/** What a list of processes shows of it: whose it is, and what for. */
const NAME = 'node-lab-hang-up'

export interface ClientWatch {
  /** To be in the command's environment. */
  readonly environment: Record<string, string>
  /** The command has ended by itself. */
  release(): Promise<void>
  /** Resolves when the command was hung up, or after some seconds. */
  hangUp(): Promise<void>
}

export interface ClientWatchOptions {
  engine: Engine
  clock: Clock
  logger: Logger
  /** Name or id. */
  container: string
  /** Whether the command has a terminal. */
  tty: boolean
}

/**
 * The command is to be started after this has resolved. Where a container has no shell there is nothing that could hang a
 * command up, and it runs on without a client until it ends or its container does.
 */
export async function watchClient(options: ClientWatchOptions): Promise<ClientWatch> {
  const { clock, container, logger } = options
  const mark = randomBytes(MARK_BYTES).toString('base64url')
  const environment = { [MARK_VARIABLE]: mark }
  const unwatched = (reason: unknown): void =>
    logger.info('a command in a container is not hung up when its client goes', { container, reason })
  let watch: EngineExec
  try {
    watch = await startWatch(options, mark)
  } catch (error) {
    // What is wrong with the container or the engine is told by the command itself.
    unwatched(error)
    return { environment, release: resolved, hangUp: resolved }
  }
  const ended = watch.exit.then((exitCode) => {
    if (exitCode !== 0) unwatched(`exit code ${exitCode}`)
  }, unwatched)
  return {
    environment,
    async release() {
      watch.stdin.end('over\n')
      await finished(watch.stdin, { readable: false }).catch(noop) // it ended before, with the container or the engine
    },
    async hangUp() {
      watch.stdin.end()
      const limit = new AbortController()
      await Promise.race([ended, delay(clock, HANG_UP_LIMIT_MS, limit.signal).catch(noop)])
      limit.abort()
    },
  }
}

/**
 * The program comes by its input, so that a list of processes shows a short line. It need not be waited for: what was handed
 * to the engine arrives, also when this process has ended.
 */
async function startWatch({ engine, container, tty }: ClientWatchOptions, mark: string): Promise<EngineExec> {
  const command = ['sh', '-s', NAME, tty ? 'terminal' : 'command', mark]
  const watch = await engine.exec(container, { command, stdin: true })
  watch.stdout.resume()
  watch.stderr.resume()
  watch.stdin.on('error', noop) // its exit code tells as much
  watch.stdin.write(WATCH)
  return watch
}

function noop(): void {
  // Nothing is there to be done.
}

function resolved(): Promise<void> {
  return Promise.resolve()
}
