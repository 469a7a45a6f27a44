/**
 * Reads a node's journal, one file that the node's init and its kubelet write to. Lines that begin with `@` are init's (see
 * `resources/images/node/rootfs/usr/lib/node-lab/init`); all others are what the kubelet printed, most of them with klog's
 * head: severity, month and day, time, process id.
 */

/** One line of the journal. */
export interface JournalEntry {
  /** Microseconds since the epoch. */
  time: number
  /** As syslog counts: 3 error, 4 warning, 5 notice, 6 information. */
  priority: number
  /** Who wrote it: `systemd`, `kubelet`. */
  identifier: string
  /** `undefined` for what was written before it was known by whom. */
  pid: number | undefined
  message: string
  /** Unit that it is about; `undefined` for what is about the node itself. */
  unit: string | undefined
  /** Whether init wrote it, about the unit. */
  isByInit: boolean
  /** 32 hexadecimal digits; empty where the older half of the journal begins in the middle of a boot. */
  boot: string
  invocation: string
}

export const KUBELET_UNIT = 'kubelet.service'
const OWN = /^@(\d{1,12})\.(\d{6}) (boot|run|log|note) (.*)$/
const KLOG = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{6})\s+(\d+) /
const HALF_A_YEAR_MICROS = 183 * 86400 * 1e6
const MICROS_PER_MS = 1000

export class JournalReader {
  #time: number
  #boot = ''
  #pid: number | undefined
  #name = 'kubelet'
  #invocation = ''

  /** @param now microseconds since the epoch: klog writes no year, so the newest line is taken to be at most that young */
  constructor(now: number) {
    this.#time = now
  }

  /** The entry of a line, without its end; `undefined` for a line that only tells who writes from here on. */
  read(line: string): JournalEntry | undefined {
    const own = OWN.exec(line)
    if (own !== null) return this.#readOwn(own)
    const head = KLOG.exec(line)
    if (head !== null) {
      this.#time = this.#timeOf(head)
      this.#pid = Number(head[7])
    }
    return {
      ...this.#common(),
      priority: 6,
      identifier: this.#name,
      pid: this.#pid,
      message: line,
      unit: KUBELET_UNIT,
      isByInit: false,
    }
  }

  #readOwn([, seconds = '', micros = '', kind = '', rest = '']: RegExpExecArray): JournalEntry | undefined {
    this.#time = Number(seconds) * 1e6 + Number(micros)
    const words = rest.split(' ')
    switch (kind) {
      case 'boot':
        this.#boot = words[0] ?? ''
        return undefined
      case 'run':
        this.#pid = Number(words[0])
        this.#name = words[1] ?? 'kubelet'
        this.#invocation = words[2] ?? ''
        return undefined
      default:
        return {
          ...this.#common(),
          priority: Number(words[0]),
          pid: Number(words[1]),
          identifier: words[2] ?? '',
          message: words.slice(3).join(' '),
          unit: kind === 'note' ? undefined : KUBELET_UNIT,
          isByInit: true,
        }
    }
  }

  #common(): Pick<JournalEntry, 'time' | 'boot' | 'invocation'> {
    return { time: this.#time, boot: this.#boot, invocation: this.#invocation }
  }

  /** The year is that which brings the line next to the one before it. */
  #timeOf([, month, day, hours, minutes, seconds, micros]: RegExpExecArray): number {
    const year = new Date(this.#time / MICROS_PER_MS).getFullYear()
    const inYear = (candidate: number): number =>
      new Date(candidate, Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds)).getTime() *
        MICROS_PER_MS +
      Number(micros)
    const time = inYear(year)
    if (time - this.#time > HALF_A_YEAR_MICROS) return inYear(year - 1)
    return this.#time - time > HALF_A_YEAR_MICROS ? inYear(year + 1) : time
  }
}
