/** A reset: what it would remove, what it may remove besides, and what came of it. */
import type { ImageFact } from './doctor-report.ts'

export interface ResetPlan {
  home: string
  /** With all of their parts: these always go. */
  labs: { name: string; nodes: number; containers: number; volumes: number }[]
  /** Labs of this home without a folder: what the engine still has of them goes as well. */
  lostLabs: string[]
  /** Go with `settings`. */
  settingsFiles: string[]
  /** Go with `images`, and all that is in `cacheFolder` with them. */
  images: ImageFact[]
  cacheFolder: string
  /** Stays in any case; absent when none answers, so that labs cannot be removed. */
  engine?: string
}

export interface ResetOptions {
  /** Labs that somebody has read of and agreed to: others stay, also such as were made since. */
  labs: string[]
  settings: boolean
  /** Images of Node Lab in the engine, which other homes share, and the downloads that they are made of. */
  images: boolean
}

/** All labs that a reset would remove, by name. */
export function listLabsOf({ labs, lostLabs }: Pick<ResetPlan, 'labs' | 'lostLabs'>): string[] {
  return [...labs.map(({ name }) => name), ...lostLabs]
}

export interface ResetOutcome {
  /** That were removed. */
  labs: string[]
  /** That another home's containers use. */
  keptImages: string[]
}
