/**
 * The manifest folder's files, each with its verdict, and the pods that follow from them (facts 1.2). No I/O and no
 * time: `FileSource` feeds it.
 */
import { encodeFileName, showFileName } from '../../base/file-name-bytes.ts'
import type { Pod } from '../../common/api/core.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import { podFullName, podReference } from '../pod-identity.ts'
import type { EntryFacts } from './read-entry.ts'

/** What reading one file came to. `pod` absent: none follows from it. */
export interface ManifestReading {
  facts: EntryFacts
  verdict: FileVerdict
  pod?: Pod
}

/**
 * `event`: a single file was noticed, and a fault leaves the pod of its last good content running (facts 1.2.8).
 * `listing`: the whole folder was read, and what cannot be processed is out of the set.
 */
export type ReadingOccasion = 'event' | 'listing'

export class ManifestSet {
  readonly #readings = new Map<string, ManifestReading>()
  /** By full name: pods of files that name another pod now. A kubelet misses them only when it lists (facts 1.2.8, 1.2.10). */
  readonly #renamed = new Map<string, Pod>()

  names(): string[] {
    return [...this.#readings.keys()]
  }

  factsOf(name: string): EntryFacts | undefined {
    return this.#readings.get(name)?.facts
  }

  isStale(name: string): boolean {
    return this.#readings.get(name)?.verdict.state === 'stale'
  }

  /** The pod that this file stands for at present. */
  podOf(name: string): Pod | undefined {
    return this.#readings.get(name)?.pod
  }

  /** Whether another file defines a pod of the same full name. */
  hasOtherFileFor(pod: Pod, name: string): boolean {
    return [...this.#readings].some(
      ([other, reading]) =>
        other !== name && reading.pod !== undefined && podFullName(reading.pod) === podFullName(pod),
    )
  }

  remove(name: string): boolean {
    return this.#readings.delete(name)
  }

  put(name: string, reading: ManifestReading, occasion: ReadingOccasion): void {
    const before = this.#readings.get(name)
    const keepsPod = occasion === 'event' && reading.pod === undefined && before?.pod !== undefined
    if (!keepsPod || before?.pod === undefined) {
      this.#readings.set(name, reading)
      if (occasion === 'event') this.#noteRename(before?.pod, reading.pod)
      return
    }
    const verdict: FileVerdict = {
      ...reading.verdict,
      state: 'stale',
      pod: podReference(before.pod),
      explanation: `${reading.verdict.explanation} The pod of its last good content runs on until the folder is next listed.`,
    }
    this.#readings.set(name, { facts: reading.facts, verdict, pod: before.pod })
  }

  #noteRename(before: Pod | undefined, now: Pod | undefined): void {
    if (before === undefined || now === undefined || podFullName(before) === podFullName(now)) return
    this.#renamed.set(podFullName(before), before)
  }

  /** From now on there are only pods that a file defines. */
  beginListing(): void {
    this.#renamed.clear()
  }

  /** One pod per full name: of several files the last in the order of their names wins (facts 1.2.10). */
  pods(): Pod[] {
    const winners = this.#winners()
    return [
      ...[...winners.values()].flatMap((name) => this.#readings.get(name)?.pod ?? []),
      ...[...this.#renamed].flatMap(([fullName, pod]) => (winners.has(fullName) ? [] : [pod])),
    ]
  }

  /** The file from which the pod of this UID comes. */
  fileOf(uid: string): string | undefined {
    for (const { pod, verdict } of this.#readings.values()) if (pod?.metadata.uid === uid) return verdict.name
    return undefined
  }

  /** For every entry of the folder, in the order of their names. */
  verdicts(): FileVerdict[] {
    const winners = this.#winners()
    return this.#sortedNames().flatMap((name) => {
      const reading = this.#readings.get(name)
      if (reading === undefined) return []
      const winner = reading.pod === undefined ? undefined : winners.get(podFullName(reading.pod))
      if (winner === undefined || winner === name) return [reading.verdict]
      return [shadowed(reading.verdict, winner)]
    })
  }

  #winners(): Map<string, string> {
    const winners = new Map<string, string>()
    for (const name of this.#sortedNames()) {
      const pod = this.#readings.get(name)?.pod
      if (pod !== undefined) winners.set(podFullName(pod), name)
    }
    return winners
  }

  /** Byte order, as a glob sorts (facts 1.2.2). */
  #sortedNames(): string[] {
    return this.names().sort((one, other) => Buffer.compare(encodeFileName(one), encodeFileName(other)))
  }
}

function shadowed(verdict: FileVerdict, winner: string): FileVerdict {
  const { name = '', namespace = '' } = verdict.pod ?? {}
  return {
    ...verdict,
    state: 'shadowed',
    reason: 'DuplicatePod',
    explanation: `${JSON.stringify(showFileName(winner))} defines the same pod ${namespace}/${name} and comes later in the order of names, so it counts and this file does not: give this pod another name, or remove one of the two.`,
  }
}
