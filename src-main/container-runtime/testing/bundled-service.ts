/** The runtime service as it runs beside a node: the bundle, started by the image's own script. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const PRODUCT = join(import.meta.dirname, '../../..')
const START_SCRIPT = 'resources/images/node/rootfs/usr/lib/node-lab/runtime-service'

/**
 * A command for `EngineNode`: the script with this machine's Node.js and this checkout's bundle.
 * @throws Error when the script no longer names what is put in its place
 */
export async function bundledServiceCommand(bundle = join(PRODUCT, 'out/node/runtime-service.js')): Promise<string[]> {
  let script = await readFile(join(PRODUCT, START_SCRIPT), 'utf8')
  for (const [inImage, here] of [
    ['/usr/bin/node', process.execPath],
    ['/usr/lib/node-lab/runtime-service.js', bundle],
  ] as const) {
    if (!script.includes(` ${inImage} `)) throw new Error(`${START_SCRIPT} does not name ${inImage}`)
    script = script.replace(` ${inImage} `, ` ${here} `)
  }
  return ['sh', '-c', script, 'runtime-service']
}
