import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anEntry, at, NOW } from '../testing/fixtures.ts'
import { recordedEntries } from '../testing/recorded-entries.ts'
import { LaneComputer } from './compute-lanes.ts'
import { computeLaneRows, type LaneRow } from './lane-rows.ts'
import { computePicture } from './picture-scene.ts'
import { INKS, type Palette, type TextShape } from './scene.ts'
import { toSvg } from './scene-svg.ts'
import { computeAxis } from './time-axis.ts'
import { fitRange } from './time-range.ts'

const PALETTE = Object.fromEntries(INKS.map((ink) => [ink, '#123456'])) as Palette
const OPTIONS = { width: 100, height: 50, palette: PALETTE, title: 'T', fontFamily: 'a, "b"', monospaceFamily: 'c' }
const HOSTILE = [
  '</text><script>alert(1)</script>',
  '"><image href="https://example.invalid/x" onload="alert(1)"/>',
  ']]><!--',
  '&amp;&#60;script&#62;',
  '\u0000\u0008\uD800 \uFFFF',
  '‮evil 🦀 한국어',
]

function aText(text: string): TextShape {
  return { kind: 'text', x: 1, y: 2, text, fill: 'ink', size: 12 }
}

/** @throws when it is not well-formed XML */
function parse(svg: string): Document {
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml')
  expect(parsed.querySelector('parsererror')).toBeNull()
  return parsed
}

function computeRows(entries: Parameters<LaneComputer['compute']>[0]): readonly LaneRow[] {
  return computeLaneRows(new LaneComputer().compute(entries), {
    matches: () => true,
    sort: 'node',
    closedNodes: new Set(),
    openPods: new Set(),
    actions: [],
    simulated: { count: 0, summary: '' },
  })
}

function pictureOf(entries: Parameters<LaneComputer['compute']>[0], title = 'lab', maximumHeight = Infinity): string {
  const range = fitRange(Date.parse(entries[0]?.time ?? ''), Date.parse(entries.at(-1)?.time ?? '') + 1_000)
  const { shapes, width, height } = computePicture({
    ...{ rows: computeRows(entries), range, nowMs: range.endMs, width: 800, title, subtitle: 's', maximumHeight },
    ticks: (widthPx) => computeAxis(range, { locale: 'en', timeZone: 'UTC', minGapPx: 80, widthPx }),
    nameOf: (row) => (row.kind === 'pod' ? row.lane.name : row.key),
    legend: [{ sign: 'waiting', text: 'waiting' }],
    omitted: (count) => `${count} left out`,
    matches: () => true,
    actions: [],
    formatDuration: (milliseconds) => `${milliseconds / 1000}s`,
    formatExit: (exitCode) => `exit ${exitCode}`,
  })
  return toSvg(shapes, { ...OPTIONS, title, width, height })
}

describe('toSvg', () => {
  it.each(HOSTILE)('given the hostile name %j, then it is text, and nothing but text', (name) => {
    const svg = toSvg([aText(name)], { ...OPTIONS, title: name })
    const parsed = parse(svg)
    expect(parsed.querySelectorAll('script, image, [onload], [href]')).toHaveLength(0)
    expect(parsed.querySelectorAll('text')).toHaveLength(1)
    const forbidden = [...svg].filter(
      (letter) => letter !== '\n' && (letter < ' ' || (letter >= '\uFFFE' && letter.length === 1)),
    )
    expect(forbidden).toEqual([])
  })

  it('given any text and any numbers, then the document is well-formed and has no element of their making', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double(), (text, x) => {
        const svg = toSvg([{ ...aText(text), x }], { ...OPTIONS, title: text })
        expect(svg.match(/<(?!\/|\?)/g)).toHaveLength(5)
        expect(svg).not.toMatch(/NaN|Infinity/)
      }),
    )
  })
})

describe('computePicture', () => {
  it('given recorded entries, then names, exit codes, back-off and key are in the picture', () => {
    const svg = pictureOf(recordedEntries('crashAndRemoval'), 'Lab default')
    for (const text of ['Lab default', 'web-node01', 'exit 1 · 10s', 'waiting'])
      expect(svg).toContain(`>${text}</text>`)
  })

  it('given a pod with a hostile name, then the picture is safe', () => {
    const pod = { namespace: 'x', name: HOSTILE[0] ?? '', uid: 'u' }
    const svg = pictureOf([anEntry({ pod, time: at(-9) }), anEntry({ pod, sequence: 2, message: HOSTILE[1] ?? '' })])
    expect(svg).not.toContain('<script')
    expect(svg).toContain('&lt;/text&gt;&lt;script')
  })

  it('given more lanes than a picture may be high, then it says how many are left out', () => {
    const pods = Array.from({ length: 50 }, (_, index) =>
      anEntry({ sequence: index, pod: { namespace: 'default', name: `pod-${index}`, uid: `u${index}` } }),
    )
    expect(pictureOf(pods, 'lab', 600)).toMatch(/>\d+ left out</)
    expect(pictureOf(pods)).not.toContain('left out')
  })

  it('given entries whose fields are of wrong types, then there is a picture all the same', () => {
    const anything = fc.anything({ withNullPrototype: false, withBigInt: false })
    fc.assert(
      fc.property(anything, anything, fc.string(), (details, message, reason) => {
        const odd = { details, message, reason, time: new Date(NOW).toISOString(), container: 'c' }
        const pod = { namespace: 'default', name: 'p', uid: 'u' }
        const entries = [
          anEntry({ pod, container: 'c', time: at(-5) }),
          anEntry({ pod, ...(odd as object), sequence: 2 }),
        ]
        expect(pictureOf(entries)).toContain('</svg>')
      }),
      { numRuns: 60 },
    )
  })
})
