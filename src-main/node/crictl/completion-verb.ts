/** `crictl completion`: scripts that shells complete with. */
import type { Flag } from './flags.ts'
import { CrictlError, type Verb } from './verb.ts'

/** @param list everything that is completed, which the verb itself is part of */
export function completionVerb(list: () => { verbs: readonly Verb[]; globalFlags: readonly Flag[] }): Verb {
  return {
    name: 'completion',
    usage: 'Print a script that completes crictl in a shell: bash, zsh or fish',
    operands: 'SHELL',
    description: `source <(crictl completion bash)
source <(crictl completion zsh)
crictl completion fish | source`,
    flags: [],
    run({ operands, stdout }) {
      const { verbs, globalFlags } = list()
      const [shell = 'bash', ...more] = operands
      if (more.length > 0) return Promise.resolve('help')
      const script = SHELLS[shell]
      if (script === undefined) throw new CrictlError('only bash, zsh or fish are supported')
      stdout(script(verbs, globalFlags))
      return Promise.resolve('done')
    },
  }
}

type Script = (verbs: readonly Verb[], globalFlags: readonly Flag[]) => string

const SHELLS: Record<string, Script> = { bash: bashScript, zsh: zshScript, fish: fishScript }

const longNames = (flags: readonly Flag[]): string[] => [...flags.map(({ name }) => `--${name}`), '--help']
const namesOf = ({ name, aliases = [] }: Verb): string[] => [name, ...aliases]

/** The command whose output is what an operand of the verb may be. */
function idsCommand({ operands = '' }: Verb): string | undefined {
  if (/CONTAINER-ID/.test(operands)) return 'crictl ps -a -q'
  if (/POD-ID|^POD /.test(operands)) return 'crictl pods -q'
  if (/IMAGE-ID/.test(operands)) return 'crictl images -q'
  return undefined
}

/** Verbs, options of the verb, and ids. */
function bashScript(verbs: readonly Verb[], globalFlags: readonly Flag[]): string {
  const cases = verbs.map((verb) => {
    const ids = idsCommand(verb)
    const words = ids === undefined ? '' : `; words="$(${ids} 2>/dev/null)"`
    return `        ${namesOf(verb).join('|')}) options="${longNames(verb.flags).join(' ')}"${words} ;;\n`
  })
  return `_crictl() {
    local current="\${COMP_WORDS[COMP_CWORD]}" verb="" options="" words="" word
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$word" in -*) ;; *) verb="$word"; break ;; esac
    done
    case "$verb" in
        "") options="${longNames(globalFlags).join(' ')}"; words="${verbs.flatMap(namesOf).join(' ')} help" ;;
${cases.join('')}    esac
    case "$current" in -*) words="$options" ;; esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _crictl crictl
`
}

function zshScript(verbs: readonly Verb[], globalFlags: readonly Flag[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
  const commands = verbs.flatMap((verb) => namesOf(verb).map((name) => quote(`${name}:${verb.usage}`)))
  return `#compdef crictl
_crictl() {
  local -a commands options
  commands=(${commands.join(' ')})
  options=(${longNames(globalFlags).map(quote).join(' ')})
  _describe 'commands' commands
  _describe 'global options' options
}
compdef _crictl crictl
`
}

function fishScript(verbs: readonly Verb[], globalFlags: readonly Flag[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`
  const globals = globalFlags.map(
    ({ name, usage }) => `complete -c crictl -n __fish_use_subcommand -l ${name} -d ${quote(usage)}\n`,
  )
  const lines = verbs.flatMap((verb) => [
    `complete -c crictl -n __fish_use_subcommand -f -a ${quote(namesOf(verb).join(' '))} -d ${quote(verb.usage)}\n`,
    ...verb.flags.map(
      ({ name, usage }) =>
        `complete -c crictl -n ${quote(`__fish_seen_subcommand_from ${namesOf(verb).join(' ')}`)} -l ${name} -d ${quote(usage)}\n`,
    ),
  ])
  return [...globals, ...lines].join('')
}
