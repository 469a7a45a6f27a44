/** All terminals of the app, by random ids. They outlive the page that opened them, so that a page that comes again finds them. */
import { randomBytes } from 'node:crypto'
import type { Clock, Timer } from '../../../base/clock.ts'
import { toDisposable, type Disposable } from '../../../base/disposable.ts'
import type { IpcCalls } from '../../../common/ipc/calls.ts'
import { LabError } from '../../../common/lab-error.ts'
import type { TerminalChunk, TerminalStatus, TerminalTarget } from '../../../common/lab/terminal.ts'
import type { ExecOptions, LabManager } from '../../../lab/lab-manager.ts'
import { shellCommand } from './shell-command.ts'
import { TerminalSession, type TerminalSize } from './terminal-session.ts'

/** Each is a process on a node, a connection to the engine, and up to a megabyte of output. */
const MAXIMUM_TERMINALS = 24
const ID_BYTES = 16
/** A terminal that nobody has looked at for this long is closed. */
const UNATTENDED_LIMIT_MS = 2 * 60 * 60 * 1000

export interface TerminalListener {
  onChanged(status: TerminalStatus): void
  onGone(lab: string, terminal: string): void
}

interface Entry {
  session: TerminalSession
  /** Closes it when nobody comes; there while nobody reads. */
  unattended: Timer | undefined
}

/** Where the shell of a target runs. */
type Place = Exclude<TerminalTarget, { kind: 'kubectl' }>

export class TerminalSessions implements Disposable {
  readonly #labManager: LabManager
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<TerminalListener>()
  #starting = 0

  constructor(labManager: LabManager, clock: Clock) {
    this.#labManager = labManager
    this.#clock = clock
  }

  subscribe(listener: TerminalListener): Disposable {
    this.#listeners.add(listener)
    return toDisposable(() => void this.#listeners.delete(listener))
  }

  /** Resolves when the shell is there. @throws Conflict (too many, nothing runs there, no control plane), Unavailable (no shell) */
  async open({ lab, target, ...size }: IpcCalls['terminal/open']['parameters']): Promise<TerminalStatus> {
    await this.#makeRoom()
    this.#starting += 1
    try {
      const id = randomBytes(ID_BYTES).toString('base64url')
      const session = await this.#start({ id, lab, target }, await this.#placeOf(lab, target), size)
      this.#entries.set(id, { session, unattended: undefined })
      this.#attend(id, false)
      // It may have ended in the same moment, before there was an entry to tell of.
      this.#announce(session.status)
      return session.status
    } finally {
      this.#starting -= 1
    }
  }

  list(lab: string): TerminalStatus[] {
    return [...this.#entries.values()].map(({ session }) => session.status).filter((status) => status.lab === lab)
  }

  /** @throws NotFound, Conflict */
  input(terminal: string, data: string): void {
    this.#need(terminal).session.write(data)
  }

  /** @throws NotFound */
  resize(terminal: string, size: TerminalSize): void {
    this.#need(terminal).session.resize(size)
  }

  /** Idempotent: whoever wants it gone has what he wants. */
  async close(terminal: string): Promise<void> {
    const entry = this.#entries.get(terminal)
    if (entry === undefined) return
    this.#entries.delete(terminal)
    entry.unattended?.cancel()
    for (const { onGone } of this.#listeners) onGone(entry.session.status.lab, terminal)
    await entry.session.close()
  }

  /** @throws NotFound */
  output(
    { terminal, from = 0 }: { terminal: string; from?: number },
    signal: AbortSignal,
  ): AsyncIterable<TerminalChunk> {
    return this.#need(terminal).session.read(from, signal)
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.close(id)))
  }

  #start(
    status: Pick<TerminalStatus, 'id' | 'lab' | 'target'>,
    place: Place,
    size: TerminalSize,
  ): Promise<TerminalSession> {
    return TerminalSession.start({
      status,
      size,
      clock: this.#clock,
      run: (streams) =>
        this.#execute(status.lab, place, { ...streams, tty: true, command: shellCommand(status.target) }),
      onEnded: () => {
        const entry = this.#entries.get(status.id)
        if (entry !== undefined) this.#announce(entry.session.status)
      },
      onAttended: (isAttended) => this.#attend(status.id, isAttended),
    })
  }

  #execute(lab: string, place: Place, options: ExecOptions): Promise<number> {
    switch (place.kind) {
      case 'node':
        return this.#labManager.shell({ lab, node: place.node }, options)
      case 'container': {
        const { kind: _kind, ...container } = place
        return this.#labManager.exec({ lab, ...container }, options)
      }
    }
  }

  async #placeOf(lab: string, target: TerminalTarget): Promise<Place> {
    if (target.kind !== 'kubectl') return target
    const { apiServer } = await this.#labManager.labStatus(lab)
    if (apiServer !== undefined) return { kind: 'node', node: apiServer.node }
    throw new LabError({
      kind: 'Conflict',
      message: `the lab "${lab}" has no control plane, so there is no API server for kubectl to speak with`,
      remedy: 'Add a control plane first; a shell on a node needs none.',
    })
  }

  /** Ended terminals that nobody looks at make room for a new one. @throws Conflict */
  async #makeRoom(): Promise<void> {
    if (this.#entries.size + this.#starting < MAXIMUM_TERMINALS) return
    const unneeded = [...this.#entries].find(
      ([, { session }]) => session.status.state === 'ended' && !session.isAttended,
    )
    if (unneeded !== undefined) return this.close(unneeded[0])
    throw new LabError({
      kind: 'Conflict',
      message: `${MAXIMUM_TERMINALS} terminals are open, which is as many as there can be at once`,
      remedy: 'Close one that is not needed any more.',
    })
  }

  #attend(id: string, isAttended: boolean): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    entry.unattended?.cancel()
    entry.unattended = isAttended ? undefined : this.#clock.setTimer(UNATTENDED_LIMIT_MS, () => void this.close(id))
  }

  #announce(status: TerminalStatus): void {
    for (const { onChanged } of this.#listeners) onChanged(status)
  }

  #need(terminal: string): Entry {
    const entry = this.#entries.get(terminal)
    if (entry !== undefined) return entry
    throw new LabError({ kind: 'NotFound', message: 'this terminal is not open any more' })
  }
}
