/** Which engine a private engine is: its program files, and the command line that starts it. */
import { systemClock } from '../../../src-main/base/clock.ts'
import { connectEngine } from '../../../src-main/lab/engine/connect-engine.ts'
import { OWN_ENGINE } from '../../../src-main/lab/engine/own-engine-paths.ts'
import { ensureEngineProgram } from '../../../src-main/lab/engine/own-engine-program.ts'
import { ensureImages } from '../../../src-main/lab/images/ensure-images.ts'

/** What a private engine has to itself. All are absolute paths but the last. */
export interface EnginePlaces {
  settingsFile: string
  dataRoot: string
  execRoot: string
  pidFile: string
  socket: string
  /** Name below the root of every cgroup hierarchy. */
  cgroup: string
}

export interface EngineProgram {
  /** A folder whose `usr` covers the machine's own; `undefined` for programs of the machine itself. */
  root: string | undefined
  /** Program and arguments of the daemon, which stays in the foreground and makes its socket by itself. */
  computeCommand: (places: EnginePlaces) => string[]
}

/** A dockerd of any version. */
export function dockerProgram(root: string | undefined): EngineProgram {
  return {
    root,
    computeCommand: (places) => [
      ...['/usr/sbin/dockerd', '--config-file', places.settingsFile, '--data-root', places.dataRoot],
      ...['--exec-root', places.execRoot, '--pidfile', places.pidFile, '--host', `unix://${places.socket}`],
      ...['--group', 'root', '--ip', '127.0.0.1', '--storage-driver', 'overlay2', '--log-level', 'warn'],
      ...['--cgroup-parent', `/${places.cgroup}`],
    ],
  }
}

/** The engine that Node Lab makes for a machine that has none. */
export async function ownEngineProgram(): Promise<EngineProgram> {
  return dockerProgram(await ensureEngineProgram(OWN_ENGINE, () => undefined))
}

/** The images that labs need now, made if need be in the engine that tests share. */
export async function labImages(): Promise<{ endpoint: string; references: string[] }> {
  const engine = await connectEngine({ clock: systemClock() })
  try {
    const { node, pause, catalogue } = await ensureImages(engine)
    return { endpoint: engine.endpoint, references: [node, pause, ...catalogue.images.map((image) => image.reference)] }
  } finally {
    await engine.dispose()
  }
}
