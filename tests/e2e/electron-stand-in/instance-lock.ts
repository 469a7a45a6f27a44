/** One instance for each home: a socket in the app's own folder, at which a second process leaves its words. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Leaves the words at the socket that it is given; exits with 1 when nobody listens there. */
const HAND_OVER = `
const [path, words] = process.argv.slice(1)
require('node:net').connect(path).on('error', () => process.exit(1)).end(words)`

/** Answers at once, as Electron does: whether this process is the first. `onSecond` is then told the words of each later one. */
export function takeInstanceLock(folder: string, onSecond: (argv: string[]) => void): boolean {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'instance.sock')
  const handedOver = spawnSync(process.execPath, ['-e', HAND_OVER, path, JSON.stringify(process.argv)])
  if (handedOver.status === 0) return false
  rmSync(path, { force: true })
  const server = createServer((socket) => {
    let words = ''
    socket.setEncoding('utf8').on('data', (data: string) => (words += data))
    socket.on('end', () => onSecond(JSON.parse(words) as string[]))
  })
  server.listen(path)
  server.unref()
  return true
}
