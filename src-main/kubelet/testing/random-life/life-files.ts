/** The manifest folder of a random life: what is written into it, and what a kubelet has to make of it. */
import type { Pod } from '../../../common/api/core.ts'
import { FILE_NAMES, POD_NAMES } from './life-plan.ts'
import type { Happening } from './life-plan.ts'
import { shapedManifest } from './pod-shapes.ts'
import type { PodShape, WriteProgram } from './pod-shapes.ts'

interface FileContent {
  pod: string
  shape: PodShape
  version: number
  /** Blanks in front, which change the file and not the object. */
  layout: number
  broken: boolean
}

/** What to do in the folder; `undefined` content: the entry goes. */
export interface FileChange {
  name: string
  content: string | undefined
  /** The content comes from this entry, by renaming it. */
  from?: string
}

/** A pod as the folder asks for it. */
export interface WantedPod {
  name: string
  shape: PodShape
  manifest: Pod
}

export class LifeFiles {
  readonly #files = new Map<string, FileContent>()
  readonly #program: WriteProgram
  #version = 0

  constructor(program: WriteProgram) {
    this.#program = program
  }

  get names(): string[] {
    return [...this.#files.keys()].sort()
  }

  /** Answers what changes in the folder, or `undefined` when there is no such file to change. */
  apply(step: Happening): FileChange | undefined {
    switch (step.does) {
      case 'write': {
        const name = FILE_NAMES[step.file] ?? 'a.yaml'
        const pod = POD_NAMES[step.pod] ?? 'one'
        return this.#put(name, { pod, shape: step.shape, version: this.#nextVersion(), layout: 0, broken: false })
      }
      case 'edit':
        return this.#change(step.file, (content) => ({ ...content, version: this.#nextVersion() }))
      case 'reformat':
        return this.#change(step.file, (content) => ({ ...content, layout: content.layout + 1 }))
      case 'break':
        return this.#change(step.file, (content) => ({ ...content, broken: true }))
      case 'mend':
        return this.#change(step.file, (content) => ({ ...content, broken: false }))
      case 'remove': {
        const name = this.#pick(step.file)
        if (name === undefined) return undefined
        this.#files.delete(name)
        return { name, content: undefined }
      }
      case 'rename': {
        const from = this.#pick(step.file)
        const name = FILE_NAMES[step.to]
        const content = from === undefined ? undefined : this.#files.get(from)
        if (from === undefined || name === undefined || content === undefined || from === name) return undefined
        this.#files.delete(from)
        this.#files.set(name, content)
        return { name, content: this.#print(content), from }
      }
      default:
        return undefined
    }
  }

  /** Every file has gone. */
  clear(): string[] {
    const names = this.names
    this.#files.clear()
    return names
  }

  /** The pods, and which files define them: of several the last in the order of names (facts 1.2.10). */
  wanted(): WantedPod[] {
    const wanted = new Map<string, WantedPod>()
    for (const name of this.names) {
      const content = this.#files.get(name)
      if (content === undefined || content.broken) continue
      wanted.set(content.pod, { name: content.pod, shape: content.shape, manifest: this.#manifest(content) })
    }
    return [...wanted.values()]
  }

  /** `accepted`, `rejected` or `shadowed` for each name. */
  verdicts(): Map<string, string> {
    const last = new Map<string, string>()
    for (const name of this.names) {
      const content = this.#files.get(name)
      if (content !== undefined && !content.broken) last.set(content.pod, name)
    }
    return new Map(
      this.names.map((name) => {
        const content = this.#files.get(name)
        if (content === undefined || content.broken) return [name, 'rejected']
        return [name, last.get(content.pod) === name ? 'accepted' : 'shadowed']
      }),
    )
  }

  #pick(number: number): string | undefined {
    const names = this.names
    return names[number % Math.max(1, names.length)]
  }

  #change(number: number, how: (content: FileContent) => FileContent): FileChange | undefined {
    const name = this.#pick(number)
    const content = name === undefined ? undefined : this.#files.get(name)
    return name === undefined || content === undefined ? undefined : this.#put(name, how(content))
  }

  #put(name: string, content: FileContent): FileChange {
    this.#files.set(name, content)
    return { name, content: this.#print(content) }
  }

  #manifest({ shape, pod, version }: FileContent): Pod {
    return shapedManifest(shape, pod, version, this.#program)
  }

  #print(content: FileContent): string {
    const text = `${'\n'.repeat(content.layout)}${JSON.stringify(this.#manifest(content), undefined, content.layout)}\n`
    return content.broken ? text.slice(0, text.length / 2) : text
  }

  #nextVersion(): number {
    this.#version += 1
    return this.#version
  }
}
