/** Whether this machine can run a containerd for tests. */
import { existsSync } from 'node:fs'
import { computeOwnEngineObstacle } from '../../../src-main/lab/engine/own-engine.ts'

/** Why not, in plain words; `undefined` when it can. */
export function findContainerdObstacle(): string | undefined {
  return computeOwnEngineObstacle({
    platform: process.platform,
    uid: process.getuid?.(),
    hasApt: existsSync('/usr/bin/apt-get'),
  })
}
