/**
 * `npm start`: engine, images, app, the first lab; then the window, or the app in a browser. A second start finds all
 * of it done and takes seconds. Exit code 2: wrong words; 3: something that is needed cannot be set up here.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src-main/base/clock.ts'
import { LabError } from '../src-main/common/lab-error.ts'
import { ensureEngine } from '../src-main/lab/engine/ensure-engine.ts'
import { ensureImages } from '../src-main/lab/images/ensure-images.ts'
import { createLabManager } from '../src-main/lab/create-lab-manager.ts'
import type { LabManager } from '../src-main/lab/lab-manager.ts'
import { serveCommand } from '../src-main/shell/browser/serve-command.ts'
import { onParentEnd } from './support/on-parent-end.ts'
import { buildApp } from './support/build-app.ts'
import { computeBrowserCommand, computeWindowChoice, hasDisplay } from './support/choose-window.ts'
import { ensureElectronBinary } from './support/electron-binary.ts'
import { bringUpFirstLab, FIRST_LAB } from './support/first-lab.ts'
import { writeRedirectPage } from './support/redirect-page.ts'
import { reportFailure } from './support/report-failure.ts'
import { computeSummary, GOODBYE } from './support/start-summary.ts'

/** From Ctrl-C to the end at the latest. */
const LAST_EXIT_MS = 5000

interface StartOptions {
  browser: boolean
  port?: number
}

/** Prints each new step once; a step that only makes progress is not repeated. */
function printer(): (step: { message: string }) => void {
  let last = ''
  return ({ message }) => {
    if (message !== last) console.log(`  ${message}`)
    last = message
  }
}

async function start(options: StartOptions): Promise<void> {
  const onProgress = printer()
  console.log('Engine')
  const engine = await ensureEngine({ onProgress })
  // The engine that was found or made is the one for everything that this command starts.
  process.env['DOCKER_HOST'] = engine.endpoint
  console.log('Images')
  await ensureImages(engine, { onProgress })
  await engine.dispose()
  console.log('App')
  await buildApp(onProgress)
  console.log(`Lab "${FIRST_LAB}"`)
  const clock = systemClock()
  const labManager = await createLabManager({ clock })
  try {
    await bringUpFirstLab(labManager, clock, onProgress)
    await show(labManager, options, onProgress)
  } finally {
    await labManager.dispose()
  }
}

async function show(
  labManager: LabManager,
  options: StartOptions,
  onProgress: (step: { message: string }) => void,
): Promise<void> {
  await printSummary(labManager)
  const choice = computeWindowChoice({
    platform: process.platform,
    environment: process.env,
    wantsBrowser: options.browser || options.port !== undefined,
  })
  let reason = choice.window === 'browser' ? choice.reason : ''
  if (choice.window === 'electron') {
    const program = await ensureElectronBinary(process.env, onProgress)
    if (program !== undefined) {
      if (await runElectron(program)) return
      reason = "Electron's window could not be opened, so the app is served to a browser."
    } else {
      reason = "Electron's program cannot be had on this machine, so the app is served to a browser."
    }
  }
  console.log(reason)
  await serve(labManager, options.port)
}

async function printSummary(labManager: LabManager): Promise<void> {
  const [engine, lab, pods] = await Promise.all([
    labManager.engineStatus(),
    labManager.labStatus(FIRST_LAB),
    labManager.pods(FIRST_LAB),
  ])
  console.log(computeSummary(engine, lab, pods).join('\n'))
}

/** Runs the window to its end. Answers whether it opened: a program that fails at once (a library is missing) did not. */
async function runElectron(program: string): Promise<boolean> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (isRoot)
    console.log("As root, Electron runs without Chromium's sandbox (--no-sandbox); as another user it has it.")
  const startMs = performance.now()
  const child = spawn(program, ['.', ...(isRoot ? ['--no-sandbox'] : [])], { stdio: 'inherit' })
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const ended = new AbortController()
  onNpmEnd(ended.signal, () => stop('SIGTERM'))
  const exitCode = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 0))
  })
  ended.abort()
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
  const opened = exitCode === 0 || performance.now() - startMs > 10_000
  if (opened) console.log(GOODBYE)
  return opened
}

/** A shell may end and leave its background work running; npm that has gone was killed. On Windows that is not seen. */
function onNpmEnd(signal: AbortSignal, callback: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  onParentEnd({ clock: systemClock({ keepAlive: false }), signal }, callback)
}

/** Serves until Ctrl-C. */
async function serve(labManager: LabManager, port: number | undefined): Promise<void> {
  let url = ''
  const server = await serveCommand({
    labManager,
    ...(port !== undefined && { port }),
    onReady: (ready) => (url = ready.url),
  })
  console.log(`\nOpen  ${url}\n\nCtrl-C ends this server.`)
  const page = openInBrowser(url)
  const ended = new AbortController()
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
    onNpmEnd(ended.signal, resolve)
  })
  ended.abort()
  page?.remove()
  // Whatever a page or an engine still holds open: who has said Ctrl-C does not wait for it.
  setTimeout(() => process.exit(), LAST_EXIT_MS).unref()
  await server.dispose()
  console.log(`\n${GOODBYE}`)
}

/** Answers the page that was opened, which holds the URL's token. */
function openInBrowser(url: string): { remove(): void } | undefined {
  if (!hasDisplay(process.platform, process.env)) return undefined
  const page = writeRedirectPage(join(import.meta.dirname, '../out'), url)
  const [program, ...words] = computeBrowserCommand(process.platform, page.path)
  const child = spawn(program, words, { stdio: 'ignore', detached: true })
  // The URL is on the screen already: who has no browser at hand can take it elsewhere.
  child.on('error', () => console.log('No browser could be opened by itself.'))
  child.unref()
  return page
}

function readOptions(): StartOptions {
  const { values } = parseArgs({ options: { browser: { type: 'boolean', default: false }, port: { type: 'string' } } })
  if (values.port === undefined) return { browser: values.browser }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new LabError({ kind: 'BadRequest', message: `--port takes a number from 1 to 65535, not "${values.port}".` })
  }
  return { browser: values.browser, port }
}

let options: StartOptions | undefined
try {
  options = readOptions()
} catch (error) {
  console.error(
    `${error instanceof Error ? error.message : String(error)}\nUsage: npm start -- [--browser] [--port PORT]`,
  )
  process.exitCode = 2
}
if (options !== undefined) {
  try {
    await start(options)
  } catch (error) {
    process.exitCode = reportFailure(error)
  }
}
