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
/** Hanging up takes milliseconds; what goes on behind that, such as with a shell that ignores it, needs nobody. */
const HANG_UP_LIMIT_MS = 2_000

/**
 * Two lines come in, the mark and, when the command has ended by itself, `over`. The mark is in no list of processes: who knows it
 * could bear it. The marked command is the one that came from outside the container (its parent is 0); what it has started
 * bears the mark, too. Every match is hung up, but never process 1, whose number as a group means everybody. It is looked
 * for at the end only, and for twenty seconds: the client may have gone while the engine was about to start it.
 * Builtins of the shell, and `sleep`: an image may have little else, or a `sleep` that knows whole seconds only; without any, who
 * was found is hung up, and nobody is waited for.
 *
 * Signals are those of a kernel: SIGHUP to the leader's group and SIGCONT for what is stopped; the group in the terminal's
 * foreground gets its own when the leader ends. What ignores it runs on, but for an interactive shell: where a kernel's terminal would
 * tell it the end of input, it would wait for ever at one that nobody holds. It does job control, so it ignores SIGTSTP: the
 * highest bit of the fifth digit from behind. It is killed when it has been in the foreground itself for ten seconds; a job of its own
 * that is there is waited for.
 */
const WATCH = `
pause() {
  sleep 0.2 || { sleep 1 && looks=$((looks - 4)); } || exit 0
  looks=$((looks - 1))
}
read_stat() {
  read -r stat <"/proc/$1/stat" || return 1
  set -- \${stat##*) }
  parent=$2 group=$3 foreground=$6
}
is_marked() {
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in *"${MARK_VARIABLE}=$mark"*) return 0 ;; esac
    line=
  done <"/proc/$1/environ"
  return 1
}
is_leader() {
  [ "$1" != 1 ] && read_stat "$1" && [ "$parent" = 0 ] && is_marked "$1"
}
find_leaders() {
  leaders=
  for folder in /proc/[0-9]*; do
    is_leader "\${folder#/proc/}" && leaders="$leaders \${folder#/proc/}"
  done
  [ -n "$leaders" ]
}
is_interactive_shell() {
  read -r name <"/proc/$1/comm" || return 1
  case $name in sh | bash | dash | ash | busybox | ksh | mksh | zsh) ;; *) return 1 ;; esac
  while read -r key value; do
    case $key$value in SigIgn:*[89abcdef]????) return 0 ;; esac
  done <"/proc/$1/status"
  return 1
}
end_shell() {
  looks=50
  while is_leader "$1" && is_interactive_shell "$1"; do
    if [ "$group" != "$foreground" ]; then
      looks=50
      sleep 5 || exit 0
      continue
    fi
    [ "$looks" -gt 0 ] || { kill -s KILL "$1"; return; }
    pause
  done
}
watch() {
  read -r mark && [ -n "$mark" ] || exit 0
  while read -r word; do [ "$word" = over ] && exit 0; done
  looks=100
  until find_leaders; do
    [ "$looks" -gt 0 ] || exit 0
    pause
  done
  for leader in $leaders; do
    kill -s HUP -- "-$leader"
    kill -s CONT -- "-$leader"
    [ "$1" = command ] || end_shell "$leader" &
  done
  wait
  exit 0
}
watch "$1" 2>/dev/null
`
/** Where the program comes from: its input is for signals alone, since a shell may read that in blocks, and a list of processes stays short. */
const WATCH_VARIABLE = 'NODE_LAB_WATCH'
/** What a list of processes shows of it: what it is for. */
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
  engine: Pick<Engine, 'exec'>
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

/** It need not be waited for: what was handed to the engine arrives, also when this process has ended. */
async function startWatch({ engine, container, tty }: ClientWatchOptions, mark: string): Promise<EngineExec> {
  const command = ['sh', '-c', `eval "$${WATCH_VARIABLE}"`, NAME, tty ? 'terminal' : 'command']
  const watch = await engine.exec(container, { command, stdin: true, environment: { [WATCH_VARIABLE]: WATCH } })
  watch.stdout.resume()
  watch.stderr.resume()
  watch.stdin.on('error', noop) // its exit code tells as much
  watch.stdin.write(`${mark}\n`)
  return watch
}

function noop(): void {
  // Nothing is there to be done.
}

function resolved(): Promise<void> {
  return Promise.resolve()
}
