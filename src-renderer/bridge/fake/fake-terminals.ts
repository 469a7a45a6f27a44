/** Terminals of the in-memory bridge: a shell that knows a handful of commands, so that screens have something to show. */
import type { StreamHandlers } from '@common/ipc/bridge.ts'
import type { IpcEventName, IpcEvents } from '@common/ipc/events.ts'
import { LabError } from '@common/lab-error.ts'
import { NO_SHELL_REASON, type TerminalChunk, type TerminalStatus, type TerminalTarget } from '@common/lab/terminal.ts'

type Emit = <Name extends IpcEventName>(name: Name, payload: IpcEvents[Name]) => void
type Handlers = StreamHandlers<TerminalChunk>

/** An image without a shell, for the words of that case. */
const SHELL_LESS = 'pause'

interface FakeTerminal {
  status: TerminalStatus
  output: string
  line: string
  size: { columns: number; rows: number }
  readers: Set<Handlers>
}

export class FakeTerminals {
  private readonly emit: Emit
  private readonly terminals = new Map<string, FakeTerminal>()
  private count = 0

  constructor(emit: Emit) {
    this.emit = emit
  }

  open(lab: string, target: TerminalTarget, size: FakeTerminal['size']): TerminalStatus {
    if (target.kind === 'container' && target.container === SHELL_LESS) {
      const details = { reason: NO_SHELL_REASON }
      throw new LabError({ kind: 'Unavailable', message: `${target.pod} has no shell`, details })
    }
    this.count += 1
    const id = `fake-${this.count}`.padEnd(22, '0')
    const status: TerminalStatus = { id, lab, target, openedAt: new Date().toISOString(), state: 'running' }
    const terminal: FakeTerminal = { status, output: '', line: '', size, readers: new Set() }
    this.terminals.set(id, terminal)
    this.write(terminal, promptOf(target))
    this.emit('terminal/changed', status)
    return status
  }

  list(lab: string): TerminalStatus[] {
    return [...this.terminals.values()].map(({ status }) => status).filter((status) => status.lab === lab)
  }

  input(id: string, data: string): void {
    const terminal = this.need(id)
    for (const key of data) this.press(terminal, key)
  }

  resize(id: string, size: FakeTerminal['size']): void {
    this.need(id).size = size
  }

  close(id: string): void {
    const terminal = this.terminals.get(id)
    if (terminal === undefined) return
    this.terminals.delete(id)
    this.emit('terminal/gone', { lab: terminal.status.lab, terminal: id })
  }

  /** As if its shell had ended. */
  end(id: string, exitCode: number): void {
    const terminal = this.need(id)
    const endedAt = new Date().toISOString()
    terminal.status = { ...terminal.status, state: 'ended', exitCode, endedAt }
    this.emit('terminal/changed', terminal.status)
    for (const reader of terminal.readers) reader.onEnd()
    terminal.readers.clear()
  }

  /** As if a program had written it. */
  print(id: string, text: string): void {
    this.write(this.need(id), text)
  }

  read(id: string, from: number, handlers: Handlers): () => void {
    const terminal = this.terminals.get(id)
    if (terminal === undefined) {
      queueMicrotask(() => handlers.onEnd({ kind: 'NotFound', message: 'this terminal is not open any more' }))
      return () => undefined
    }
    const text = terminal.output.slice(from)
    if (text !== '') void handlers.onChunk({ offset: from, text, isAnswered: true })
    if (terminal.status.state === 'ended') queueMicrotask(() => handlers.onEnd())
    else terminal.readers.add(handlers)
    return () => void terminal.readers.delete(handlers)
  }

  private press(terminal: FakeTerminal, key: string): void {
    if (key === '\r') {
      const { line } = terminal
      terminal.line = ''
      this.write(terminal, '\r\n')
      if (line.trim() === 'exit') return this.end(terminal.status.id, 0)
      this.write(terminal, this.answer(terminal, line.trim()) + promptOf(terminal.status.target))
    } else if (key === '\u0003') {
      terminal.line = ''
      this.write(terminal, `^C\r\n${promptOf(terminal.status.target)}`)
    } else if (key === '\u007f') {
      if (terminal.line === '') return
      terminal.line = terminal.line.slice(0, -1)
      this.write(terminal, '\b \b')
    } else {
      terminal.line += key
      this.write(terminal, key)
    }
  }

  private answer({ size }: FakeTerminal, line: string): string {
    const [command = '', ...words] = line.split(' ')
    if (command === 'echo') return `${words.join(' ')}\r\n`
    if (line === 'stty size') return `${size.rows} ${size.columns}\r\n`
    const text = ANSWERS[line]
    if (text !== undefined) return `${text.replaceAll('\n', '\r\n')}\r\n`
    return command === '' ? '' : `bash: ${command}: command not found\r\n`
  }

  private write(terminal: FakeTerminal, text: string): void {
    const chunk = { offset: terminal.output.length, text }
    terminal.output += text
    for (const [index, reader] of [...terminal.readers].entries())
      void reader.onChunk({ ...chunk, isAnswered: index > 0 })
  }

  private need(id: string): FakeTerminal {
    const terminal = this.terminals.get(id)
    if (terminal === undefined) throw new LabError({ kind: 'NotFound', message: 'this terminal is not open any more' })
    return terminal
  }
}

function promptOf(target: TerminalTarget): string {
  switch (target.kind) {
    case 'node':
      return `root@${target.node}:~# `
    case 'kubectl':
      return 'kubectl on controlplane:~# '
    case 'container':
      return `${target.pod}:/# `
  }
}

const GREEN = '\u001b[32m'
const BLUE = '\u001b[1;34m'
const PLAIN = '\u001b[0m'
const ANSWERS: Readonly<Record<string, string>> = {
  'ls /etc/kubernetes/manifests': 'crash-loop.yaml  web.yaml',
  'ls -l /etc/kubernetes': `total 8\n-rw------- 1 root root 1984 Nov 27 09:12 kubelet.conf\ndrwxr-xr-x 2 root root 4096 Nov 27 09:14 ${BLUE}manifests${PLAIN}`,
  'systemctl status kubelet': `${GREEN}●${PLAIN} kubelet.service - kubelet: The Kubernetes Node Agent\n     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled)\n    Drop-In: /usr/lib/systemd/system/kubelet.service.d\n             └─10-kubeadm.conf\n     Active: ${GREEN}active (running)${PLAIN} since Fri 2026-11-27 09:12:31 UTC; 24min ago\n   Main PID: 41 (kubelet)`,
  'crictl ps':
    'CONTAINER       IMAGE           CREATED         STATE     NAME     ATTEMPT   POD ID\n4f1d0c2f8a6b1   nginx:latest    4 minutes ago   Running   nginx    0         8c1ad52c6e0f9',
}
