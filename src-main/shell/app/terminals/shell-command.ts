/**
 * The commands that terminals run, all of them on nodes and in containers of a lab. Each tells its process id in a first line of its
 * own, and marks its environment: an engine ends no command whose connection is closed, so the shell has to be found again to hang it up.
 */
import type { TerminalTarget } from '../../../common/lab/terminal.ts'

/** Name of the environment variable that marks the shell of a terminal and what it starts. */
const MARK = 'NODE_LAB_TERMINAL'
const INTRODUCE = `printf '%s\\n' "$$"; export ${MARK}="$1" TERM=xterm-256color COLORTERM=truecolor`

/** A login shell in root's home, in UTF-8. */
const NODE_SHELL = `${INTRODUCE} LANG=C.UTF-8; cd; exec bash -l`

/** The node's own settings: the alias k, completion. */
const KUBECTL_SETTINGS = ['NODE_LAB_GREETED=1; . ~/.bashrc', String.raw`PS1='kubectl on \h:\w\$ '`].join('\n')
const KUBECTL_SHELL = `${INTRODUCE} LANG=C.UTF-8; cd; exec bash --rcfile <(printf '%s' "$2")`

/** The best shell of the image. The prompt says where one is; a shell that does not know \\w still knows PWD. */
const CONTAINER_SHELL = `${INTRODUCE} PS1="$2"; command -v bash >/dev/null 2>&1 && exec bash; exec sh`

/** Says good-bye to the marked process as a modem would, and ends it when it does not go within a second. */
const HANG_UP = `
case "$(tr '\\0' '\\n' <"/proc/$1/environ")" in *"${MARK}=$2"*) ;; *) exit 0 ;; esac
kill -HUP "$1" || exit 0
for step in 1 2 3 4 5; do sleep 0.2; kill -0 "$1" 2>/dev/null || exit 0; done
kill -KILL "$1"
`

/** @param mark tells this shell from all others of its node or container */
export function shellCommand(target: TerminalTarget, mark: string): string[] {
  switch (target.kind) {
    case 'node':
      return ['bash', '-c', NODE_SHELL, 'bash', mark]
    case 'kubectl':
      return ['bash', '-c', KUBECTL_SHELL, 'bash', mark, KUBECTL_SETTINGS]
    case 'container': {
      const place = target.container === undefined ? target.pod : `${target.pod}/${target.container}`
      return ['sh', '-c', CONTAINER_SHELL, 'sh', mark, `${place}:$PWD# `]
    }
  }
}

/** Ends the shell with that process id, if it still bears the mark, and what runs in it. */
export function hangUpCommand(processId: number, mark: string): string[] {
  return ['sh', '-c', HANG_UP, 'sh', String(processId), mark]
}
