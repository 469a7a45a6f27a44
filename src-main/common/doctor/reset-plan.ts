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
  settings: boolean
  /** Images of Node Lab in the engine, which other homes share, and the downloads that they are made of. */
  images: boolean
}

export interface ResetOutcome {
  /** That were removed. */
  labs: string[]
  /** That another home's containers use. */
  keptImages: string[]
}
