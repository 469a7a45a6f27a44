/**
 * The commands that terminals run, all of them on nodes and in containers of a lab. Each says one line of its own first: whatever
 * comes without it is an engine's word for why there is no shell.
 */
import type { TerminalTarget } from '../../../common/lab/terminal.ts'

/** What a shell says first, alone on a line. */
export const INTRODUCTION = 'node-lab-shell'
const INTRODUCE = `echo ${INTRODUCTION}; export TERM=xterm-256color COLORTERM=truecolor`

/** A login shell in root's home, in UTF-8. */
const NODE_SHELL = `${INTRODUCE} LANG=C.UTF-8; cd; exec bash -l`

/** The node's own settings: the alias k, completion. */
const KUBECTL_SETTINGS = ['NODE_LAB_GREETED=1; . ~/.bashrc', String.raw`PS1='kubectl on \h:\w\$ '`].join('\n')
const KUBECTL_SHELL = `${INTRODUCE} LANG=C.UTF-8; cd; exec bash --rcfile <(printf '%s' "$1")`

/** The best shell of the image. The prompt says where one is; a shell that does not know \\w still knows PWD. */
const CONTAINER_SHELL = `${INTRODUCE} PS1="$1"; command -v bash >/dev/null 2>&1 && exec bash; exec sh`

export function shellCommand(target: TerminalTarget): string[] {
  switch (target.kind) {
    case 'node':
      return ['bash', '-c', NODE_SHELL]
    case 'kubectl':
      return ['bash', '-c', KUBECTL_SHELL, 'bash', KUBECTL_SETTINGS]
    case 'container': {
      const place = target.container === undefined ? target.pod : `${target.pod}/${target.container}`
      return ['sh', '-c', CONTAINER_SHELL, 'sh', `${place}:$PWD# `]
    }
  }
}
