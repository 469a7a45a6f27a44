/** `node-lab doctor`: everything that a lab needs from this machine, looked at one by one, with the remedy for what fails. */
import { createServer } from 'node:net'
import { isLabError, toLabErrorData } from '../../common/lab-error.ts'
import { connectEngine } from '../engine/connect-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { probeEngine } from '../engine/probes.ts'
import { ensureImages } from '../images/ensure-images.ts'
import type { OnProgress } from '../lab-manager.ts'
import { nodeLabHome, prepareHome } from '../store/home.ts'

export interface DoctorCheck {
  /** Stable name, for scripts. */
  id: string
  ok: boolean
  /** What was found, one sentence. */
  message: string
  remedy?: string
}

export interface DoctorOptions {
  environment?: Record<string, string | undefined>
  onProgress?: OnProgress
}

/** Never rejects: what goes wrong is a check that failed. Starts no engine; builds images when they are missing. */
export async function runDoctor(options: DoctorOptions = {}): Promise<DoctorCheck[]> {
  const report: OnProgress = options.onProgress ?? (() => undefined)
  const ports = await checkPorts()
  let engine: Engine
  try {
    engine = await connectEngine({ environment: options.environment ?? process.env })
  } catch (error) {
    return [failed('engine', error, 'Start Docker, or run `npm start`, which finds or makes an engine.'), ports]
  }
  try {
    return [...(await checkEngine(engine, options, report)), ports]
  } finally {
    await engine.dispose()
  }
}

async function checkEngine(engine: Engine, options: DoctorOptions, onProgress: OnProgress): Promise<DoctorCheck[]> {
  try {
    const images = await ensureImages(engine, { onProgress })
    onProgress({ message: 'Probing the engine' })
    const home = await prepareHome(nodeLabHome(options.environment ?? process.env))
    const probes = await probeEngine(engine, { image: images.node, home })
    const count = images.catalogue.images.length + 2
    return [...probes, { id: 'images', ok: true, message: `All ${count} images of Node Lab are in the engine.` }]
  } catch (error) {
    return [failed('images', error, 'Run `node-lab images build` to see what is in the way.')]
  }
}

/** Whether a program may listen on 127.0.0.1, as the browser bridge and the nodes' published ports do. */
function checkPorts(): Promise<DoctorCheck> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) =>
      resolve(failed('ports', error, 'Free some ports, or look at a firewall on this machine.')),
    )
    server.listen(0, '127.0.0.1', () => {
      server.close(() => resolve({ id: 'ports', ok: true, message: 'Free ports can be had on 127.0.0.1.' }))
    })
  })
}

function failed(id: string, error: unknown, remedy: string): DoctorCheck {
  const data = toLabErrorData(error)
  return { id, ok: false, message: data.message, remedy: (isLabError(error) ? error.remedy : undefined) ?? remedy }
}
