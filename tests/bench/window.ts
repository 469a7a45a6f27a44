/**
 * `npm run bench -- --window`: what the window costs, as built for people but on the in-memory bridge, in Chromium without a
 * graphics card. Each measure opens a page of its own, and has a plain page's figure as its floor; another page's measures join by
 * one line in `MEASURES`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type Page } from '@playwright/test'
import { build, preview } from 'vite'
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../e2e/support/chromium.ts'
import { formatTable, type Row } from './measure.ts'
import { measureBoard } from './window-board.ts'
import { measureInitialScripts } from './window-scripts.ts'
import { measureTimeline } from './window-timeline.ts'

export interface WindowBench {
  browser: Browser
  viewport: typeof VIEWPORT
  runs: number
  idleSeconds: number
  progress(message: string): void
  /** A page of the given scenario of the in-memory bridge, at a place such as `/timeline`. */
  open(scenario: string, place?: string): Promise<Page>
}

const MEASURES: readonly ((bench: WindowBench) => Promise<Row[]>)[] = [measureBoard, measureTimeline]

const CONFIGURATION = join(import.meta.dirname, '../../src-renderer/vite.dev.config.ts')
const VIEWPORT = { width: 1440, height: 900 }

/** Prints a table. @returns the exit code: 1 when a budget is missed */
async function benchWindow(options: Pick<WindowBench, 'runs' | 'idleSeconds' | 'progress'>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'node-lab-window-'))
  try {
    options.progress('building the window')
    await buildWindow('fake', join(folder, 'fake'))
    await buildWindow('production', join(folder, 'production'))
    const rows = [
      measureInitialScripts(join(folder, 'production')),
      ...(await measurePages(join(folder, 'fake'), options)),
    ]
    console.log(
      `\n${formatTable(rows)}\n\nLoad of the machine (1, 5, 15 minutes): ${loadavg()
        .map((load) => load.toFixed(1))
        .join(', ')}`,
    )
    return rows.some(({ withinBudget }) => withinBudget === false) ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function buildWindow(mode: string, outDir: string): Promise<void> {
  await build({
    configFile: CONFIGURATION,
    mode,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, assetsInlineLimit: 0, minify: true },
  })
}

async function measurePages(
  outDir: string,
  options: Pick<WindowBench, 'runs' | 'idleSeconds' | 'progress'>,
): Promise<Row[]> {
  const server = await preview({
    configFile: CONFIGURATION,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS })
  const address = server.resolvedUrls?.local[0] ?? ''
  const bench: WindowBench = {
    ...options,
    browser,
    viewport: VIEWPORT,
    open: async (scenario, place = '/') => {
      const page = await browser.newPage({ viewport: VIEWPORT, locale: 'en-US' })
      await page.goto(`${address}?scenario=${scenario}#${place}`)
      return page
    },
  }
  try {
    const rows: Row[] = []
    for (const measure of MEASURES) rows.push(...(await measure(bench)))
    return rows
  } finally {
    await browser.close()
    await server.close()
  }
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    idleSeconds: { type: 'string', default: '50' },
    window: { type: 'boolean' },
  },
})
process.exitCode = await benchWindow({
  runs: Number(values.runs),
  idleSeconds: Number(values.idleSeconds),
  progress: (message) => console.error(message),
})
