/**
 * Runs before every npm script, on whatever Node.js (18 or newer) the machine has: installs the dependencies, the newer
 * Node.js among them, when they are missing or not those of package-lock.json. Silent when all is well; what it has to say
 * goes to stderr, so that the output of commands stays clean.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const EXIT_CANNOT_SET_UP = 3
/** Between two looks at somebody else's lock. */
const LOOK_MS = 200
const LONGEST_INSTALL_MS = 15 * 60 * 1000
const root = fileURLToPath(new URL('..', import.meta.url))
const lock = join(root, '.install.lock')

/** Why the dependencies have to be installed; undefined when they are in place. */
function findReason() {
  const installedPath = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installedPath)) return 'they are not there yet'
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages
  for (const [path, { version, optional, integrity }] of Object.entries(wanted)) {
    if (path === '') continue
    const present = installed[path]
    // Packages for other platforms are in the lock and not on the disk.
    if (present === undefined && optional) continue
    if (present?.version !== version || present.integrity !== integrity)
      return `${path.replace(/^.*node_modules\//, '')} has changed`
  }
  const program = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
  if (!existsSync(program)) return 'the Node.js that Node Lab uses is missing'
  return undefined
}

function install() {
  const npm = process.env.npm_execpath
  const [program, first] = npm !== undefined && /\.c?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []]
  const stdio = ['ignore', 2, 2]
  const { status, error } = spawnSync(program, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio,
    shell: process.platform === 'win32' && program === 'npm',
  })
  if (error !== undefined) return error.message
  return status === 0 ? undefined : `npm ended with exit code ${status}`
}

/** Whether the process that holds the lock still runs; after so long its number is somebody else's. */
function isHeld(owner) {
  if (Date.now() - statSync(lock).mtimeMs > LONGEST_INSTALL_MS) return false
  try {
    process.kill(Number(owner), 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

/** Two may find the same dead owner; what was taken away is looked at, and put back when it was another's by then. */
function breakLock(deadOwner) {
  const aside = `${lock}.${process.pid}.broken`
  renameSync(lock, aside)
  try {
    if (readFileSync(aside, 'utf8') !== deadOwner) linkSync(aside, lock)
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Somebody who took us for dead may hold it now: only our own is removed. */
function releaseLock() {
  if (existsSync(lock) && readFileSync(lock, 'utf8') === String(process.pid)) rmSync(lock, { force: true })
}

/** `npm ci` begins by removing what is there, so one that is at work must be left alone. Waits for it; what it left is judged anew. */
function takeLock() {
  const own = `${lock}.${process.pid}`
  for (let isTold = false; ;) {
    try {
      // By link, so that a lock is never there without its number.
      writeFileSync(own, String(process.pid))
      linkSync(own, lock)
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    } finally {
      rmSync(own, { force: true })
    }
    try {
      const owner = readFileSync(lock, 'utf8')
      if (isHeld(owner)) {
        if (!isTold) process.stderr.write('Another command installs the dependencies; waiting for it ...\n')
        isTold = true
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS)
      } else breakLock(owner)
    } catch (error) {
      // It has gone in this moment: the next try takes it.
      if (error.code !== 'ENOENT') throw error
    }
  }
}

function installIfNeeded() {
  const reason = findReason()
  if (reason === undefined) return
  process.stderr.write(`Installing dependencies (${reason}); this takes about a minute ...\n`)
  const failure = install()
  if (failure === undefined) return
  process.stderr.write(
    `Node Lab's dependencies could not be installed (${failure}): see that npm can reach its registry, then run \`npm ci\`.\n`,
  )
  process.exitCode = EXIT_CANNOT_SET_UP
}

try {
  if (findReason() !== undefined) {
    takeLock()
    try {
      installIfNeeded()
    } finally {
      releaseLock()
    }
  }
} catch (error) {
  process.stderr.write(
    `Node Lab could not look after its dependencies (${error instanceof Error ? error.message : error}): run \`npm ci\`.\n`,
  )
  process.exitCode = EXIT_CANNOT_SET_UP
}
