/**
 * `npm run update:pictures [-- NAME…]`: the pictures in docs/images, from the window on the in-memory lab in Chromium. The page's
 * clock is moved by hand, so that pods have lived for minutes. Fails when a picture is larger than a document should load.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { build, preview } from 'vite'
import { CHROMIUM_ARGUMENTS, chromiumPath } from '../tests/e2e/support/chromium.ts'

const FOLDER = join(import.meta.dirname, '../docs/images')
const CONFIGURATION = join(import.meta.dirname, '../src-renderer/vite.dev.config.ts')
/** Of a picture. */
const LARGEST_BYTES = 200_000
/** A Monday morning, when lessons begin. */
const BEGIN = new Date('2026-05-04T09:00:00Z')

interface Picture {
  name: string
  scenario: string
  colorScheme?: 'dark'
  width?: number
  height?: number
  /** Brings the page to what the picture shows. */
  prepare(page: Page): Promise<void>
}

const PICTURES: readonly Picture[] = [
  { name: 'board', scenario: 'default', prepare: fillBoard },
  { name: 'board-dark', scenario: 'default', colorScheme: 'dark', prepare: fillBoard },
  { name: 'control-plane', scenario: 'cluster', width: 1080, height: 620, prepare: (page) => pass(page, 10) },
  {
    name: 'lifecycle',
    scenario: 'default',
    prepare: async (page) => {
      await pass(page, 100)
      await page.getByRole('button', { name: 'Open crash-loop-node01', exact: true }).click()
      await page.getByRole('link', { name: 'Open as a page' }).click()
      await page.getByRole('heading', { level: 1, name: 'crash-loop-node01' }).waitFor()
    },
  },
  {
    name: 'timeline',
    scenario: 'story',
    height: 700,
    prepare: async (page) => {
      await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Timeline' }).click()
      await page.getByRole('button', { name: 'All', exact: true }).click()
    },
  },
  { name: 'compare', scenario: 'cluster', height: 1000, prepare: deleteBoth },
  {
    name: 'editor',
    scenario: 'default',
    height: 560,
    prepare: async (page) => {
      await pass(page, 10)
      await page.getByRole('button', { name: 'Actions for typo.yaml' }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).click()
      await page.getByRole('textbox', { name: 'Manifest typo.yaml' }).waitFor()
    },
  },
]

/** The agents are there for a while, then their pods are deleted through the API. */
async function deleteBoth(page: Page): Promise<void> {
  await pass(page, 2)
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'Put the agents on the nodes' }).click()
  await pass(page, 60)
  await page
    .locator('[data-experiment="delete-pod"]')
    .getByRole('button', { name: /^Look and run/ })
    .click()
  await page.locator('[data-guess]').first().click()
  await page.getByRole('button', { name: 'Run on all sides' }).click()
  const result = page.locator('[data-result="delete-pod"]')
  while (!(await result.isVisible())) await pass(page, 1)
  await page
    .locator('main')
    .first()
    .evaluate((main) => main.scrollTo({ top: 0 }))
}

/** The second node gets pods too, and on the first a back-off counts down. */
async function fillBoard(page: Page): Promise<void> {
  await pass(page, 5)
  for (const sample of ['hello.yaml', 'two-containers.yaml', 'completes.yaml']) {
    await page.getByRole('button', { name: `Add ${sample} to a node` }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a manifest' })
    await dialog.getByRole('radio', { name: 'node02' }).check()
    await dialog.getByRole('button', { name: 'Put it on node02' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  await pass(page, 45)
  const backingOff = page.locator('[data-pod="crash-loop-node01"][data-status="CrashLoopBackOff"]')
  while (!(await backingOff.isVisible())) await pass(page, 1)
}

/** Lets the lab live on; timers fire in their order. */
async function pass(page: Page, seconds: number): Promise<void> {
  await page.clock.runFor(seconds * 1000)
}

async function paint(browser: Browser, address: string, picture: Picture): Promise<void> {
  const { name, scenario, colorScheme = 'light', width = 1280, height = 820, prepare } = picture
  const page = await browser.newPage({
    viewport: { width, height },
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme,
    reducedMotion: 'reduce',
  })
  await page.clock.install({ time: BEGIN })
  await page.goto(`${address}?scenario=${scenario}`)
  const places = page.getByRole('navigation', { name: 'Places' })
  while (!(await places.isVisible())) await pass(page, 0.25)
  await prepare(page)
  // Pages that load on demand, and code that waits for the eye to rest.
  await pass(page, 1)
  await page.mouse.move(0, 0)
  const path = join(FOLDER, `${name}.png`)
  await page.screenshot({ path })
  await page.close()
  const { size } = statSync(path)
  console.log(`${name}.png  ${Math.ceil(size / 1000)} kB`)
  if (size > LARGEST_BYTES) throw new Error(`docs/images/${name}.png has ${size} bytes, more than ${LARGEST_BYTES}`)
}

/** @param wanted names; none means all */
async function paintAll(wanted: readonly string[]): Promise<void> {
  const server = await preview({
    configFile: CONFIGURATION,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS })
  const address = server.resolvedUrls?.local[0] ?? ''
  try {
    for (const picture of PICTURES.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
      await paint(browser, address, picture)
  } finally {
    await browser.close()
    await server.close()
  }
}

mkdirSync(FOLDER, { recursive: true })
const outDir = mkdtempSync(join(tmpdir(), 'node-lab-pictures-'))
try {
  await build({ configFile: CONFIGURATION, logLevel: 'error', build: { outDir, emptyOutDir: true } })
  await paintAll(process.argv.slice(2))
} finally {
  rmSync(outDir, { recursive: true, force: true })
}
