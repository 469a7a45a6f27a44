/** The entry to this folder: an engine that can be used, found or, where Node Lab may, made. */
import { existsSync } from 'node:fs'
import type { LabStep } from '../../common/lab/lab-texts.ts'
import { systemClock } from '../../base/clock.ts'
import { isLabError, LabError } from '../../common/lab-error.ts'
import { connectCandidate, connectEngine, type ConnectOptions } from './connect-engine.ts'
import { computeEngineSocketPath } from './discovery.ts'
import type { Engine } from './engine.ts'
import { computeOwnEngineObstacle, startOwnEngine } from './own-engine.ts'
import { ownEndpoint } from './own-engine-paths.ts'

export { connectEngine } from './connect-engine.ts'

export interface EnsureEngineOptions extends ConnectOptions {
  onProgress?: (step: LabStep) => void
}

/**
 * Connects to a usable engine; where there is none, and this is Linux with root and apt, makes and starts one for the
 * machine (some 15 seconds the first time, 2 afterwards). It goes on running when this process ends.
 * @throws NoEngine with the remedy, Unavailable when it cannot be made
 */
export async function ensureEngine(options: EnsureEngineOptions = {}): Promise<Engine> {
  const environment = options.environment ?? process.env
  const clock = options.clock ?? systemClock()
  try {
    return await connectEngine({ environment, clock })
  } catch (error) {
    if (!isLabError(error) || error.kind !== 'NoEngine') throw error
    const ordered = environment['DOCKER_HOST'] ?? ''
    if (ordered !== '' && ordered !== ownEndpoint()) throw error
    const obstacle = findOwnEngineObstacle()
    if (obstacle !== undefined) throw withObstacle(error, obstacle)
  }
  const candidate = {
    endpoint: ownEndpoint(),
    source: 'own' as const,
    socketPath: computeEngineSocketPath(ownEndpoint(), 'linux', environment),
  }
  let engine: Engine | undefined
  await startOwnEngine({
    clock,
    onProgress: (step) => options.onProgress?.(step),
    ping: async () => {
      // Not answering is what is waited for; how that ends is told by whoever waits, with the engine's log.
      engine = await connectCandidate(candidate, clock).catch(() => undefined)
      return engine !== undefined
    },
  })
  return engine ?? (await connectCandidate(candidate, clock))
}

/** Why this machine cannot have an engine of our own; `undefined` when it can. */
export function findOwnEngineObstacle(): string | undefined {
  return computeOwnEngineObstacle({
    platform: process.platform,
    uid: process.getuid?.(),
    hasApt: existsSync('/usr/bin/apt-get'),
  })
}

function withObstacle(error: LabError, obstacle: string): LabError {
  const data = { kind: error.kind, message: `${error.message}; ${obstacle}` }
  return new LabError(error.remedy === undefined ? data : { ...data, remedy: error.remedy }, { cause: error })
}
