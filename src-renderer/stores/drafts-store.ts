/**
 * Text of manifests that was written and not saved: it outlives a change of page, and a reload where storage is allowed. What is
 * stored belongs to all tabs: each changes its own file in what is there at that moment.
 */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { readSetting, writeSetting } from './stored-setting.ts'

export interface ManifestDraft {
  text: string
  /** What was in the folder when the writing began; `null`: no such file. */
  base: string | null
  /** RFC 3339: when it was first different. */
  since: string
}

const KEY = 'node-lab.drafts'
/** Larger texts last as long as the page. */
const MAX_STORED_CHARACTERS = 200_000
const MAX_STORED = 20

export const useDraftsStore = defineStore('drafts', () => {
  /** Those that could not be stored. */
  let unstored: ReadonlyMap<string, ManifestDraft> = new Map()
  const drafts = shallowRef<ReadonlyMap<string, ManifestDraft>>(readDrafts())

  function keyOf(lab: string, node: string, file: string): string {
    return `${lab}/${node}/${file}`
  }

  function draftOf(lab: string, node: string, file: string): ManifestDraft | undefined {
    return drafts.value.get(keyOf(lab, node, file))
  }

  function keep(lab: string, node: string, file: string, draft: ManifestDraft): void {
    const key = keyOf(lab, node, file)
    set([...othersThan(key), [key, draft]])
  }

  function drop(lab: string, node: string, file: string): void {
    const key = keyOf(lab, node, file)
    if (drafts.value.has(key)) set(othersThan(key))
  }

  /** Takes over what other tabs stored meanwhile. */
  function readAgain(): void {
    // They come first, so that those that are stored stay so, and count more than what is stored in their place.
    drafts.value = new Map([...unstored, ...readDrafts(), ...unstored])
  }

  function othersThan(key: string): [string, ManifestDraft][] {
    readAgain()
    return [...drafts.value].filter(([other]) => other !== key)
  }

  function set(next: readonly [string, ManifestDraft][]): void {
    drafts.value = new Map(next)
    const small = next.filter(([, { text, base }]) => text.length + (base ?? '').length <= MAX_STORED_CHARACTERS)
    const stored = small.slice(-MAX_STORED)
    const isStored = writeSetting(KEY, JSON.stringify(stored))
    unstored = new Map(isStored ? next.filter((entry) => !stored.includes(entry)) : next)
  }

  return { drafts, draftOf, keep, drop, readAgain }
})

function readDrafts(): ReadonlyMap<string, ManifestDraft> {
  let stored: unknown
  try {
    stored = JSON.parse(readSetting(KEY) ?? '[]')
  } catch {
    // What another version, or somebody by hand, wrote there is no draft of ours.
    return new Map()
  }
  return new Map(Array.isArray(stored) ? stored.filter(isStored) : [])
}

function isStored(value: unknown): value is [string, ManifestDraft] {
  if (!Array.isArray(value)) return false
  const [key, draft] = value as unknown[]
  if (typeof key !== 'string' || typeof draft !== 'object' || draft === null) return false
  const { text, base, since } = draft as Partial<Record<keyof ManifestDraft, unknown>>
  return typeof text === 'string' && (base === null || typeof base === 'string') && typeof since === 'string'
}
