import { describe, expect, it } from 'vitest'
import type { CellAnswer, FilledRow } from './comparison-table.ts'
import { renderTableHtml } from './render-table-html.ts'
import { renderTableMarkdown } from './render-table-markdown.ts'
import type { TableOptions } from './table-words.ts'

const OPTIONS: TableOptions = { locale: 'en', lab: 'default', sides: ['static', 'daemonSet'] }

function answer(changes: Partial<CellAnswer> = {}): CellAnswer {
  return {
    ...{ experiment: 'delete-pod', result: 'r1', observation: 'back', answer: true, verdict: 'as-expected' },
    ...{ question: { en: 'Does it come back?', ko: '돌아오나요?' }, observedAt: '2026-11-27T12:01:02.345Z' },
    ...changes,
  }
}

function table(
  answers: CellAnswer[],
  against: CellAnswer[] = [],
  title = { en: 'Comes back', ko: '돌아온다' },
): FilledRow[] {
  const row = { name: 'comes-back', title, note: { en: 'By itself', ko: '스스로' } }
  return [
    {
      row,
      cells: [
        { side: 'static', answers, against },
        { side: 'daemonSet', answers: [], against: [] },
      ],
    },
  ]
}

const filled = table(
  [answer()],
  [answer({ answer: 'x', words: { en: 'made anew', ko: '새로 만듦' }, verdict: 'against' })],
)

describe('given a row with an answer, a contradiction and an empty cell', () => {
  it('when it is written as Markdown, then each says when it was observed and how, and what is not known is empty', () => {
    expect(renderTableMarkdown(filled, OPTIONS).split('\n').slice(2)).toEqual([
      'Observed in lab: default',
      '',
      '| Difference | Static pod | DaemonSet |',
      '| --- | --- | --- |',
      [
        '| **Comes back**<br>By itself ',
        ' **yes** · Does it come back? · observed 2026-11-27 12:01:02 UTC, experiment delete-pod' +
          '<br>⚠ not as Kubernetes is known to do · **made anew** · Does it come back? · observed 2026-11-27 12:01:02 UTC, experiment delete-pod ',
        '  |',
      ].join('|'),
      '',
    ])
  })

  it('when it is written as a page, then the cells say the same', () => {
    const page = renderTableHtml(filled, OPTIONS)
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).toContain('<th scope="row">Comes back<p class="soft">By itself</p></th>')
    expect(page).toContain('<p class="answer">yes</p><p class="soft">Does it come back?</p>')
    expect(page).toContain('<p class="answer against">⚠ not as Kubernetes is known to do: made anew</p>')
    expect(page).toContain('observed 2026-11-27 12:01:02 UTC, experiment delete-pod')
    expect(page).toContain('<td></td></tr>')
  })

  it('when Korean is asked for, then all words are Korean', () => {
    const options: TableOptions = { ...OPTIONS, locale: 'ko' }
    for (const text of [renderTableMarkdown(filled, options), renderTableHtml(filled, options)]) {
      for (const word of [
        '스태틱 파드',
        '돌아온다',
        '스스로',
        '예',
        '돌아오나요?',
        '새로 만듦',
        '알려진 Kubernetes 동작과 다름',
      ])
        expect(text).toContain(word)
      expect(text).not.toMatch(/observed|expectation|Static pod/)
    }
    expect(renderTableHtml(filled, options)).toContain('<html lang="ko">')
  })

  it('when only some sides are asked for, then there are no other columns', () => {
    const options: TableOptions = { ...OPTIONS, sides: ['daemonSet'] }
    expect(renderTableMarkdown(filled, options)).toContain('| Difference | DaemonSet |\n| --- | --- |\n')
    expect(renderTableHtml(filled, options)).not.toContain('Static pod</th>')
  })
})

describe('given texts that look like markup', () => {
  const EVIL = `<img src=x onerror=alert(1)>|**b** [l](http://e.org) \`c\` "q" 'a' &amp;\n| new | row www.e.org @you`
  const evil = table(
    [answer({ answer: EVIL, experiment: EVIL, question: { en: EVIL, ko: EVIL }, observedAt: EVIL })],
    [],
    { en: EVIL, ko: EVIL },
  )

  it('when they are written as a page, then they are text', () => {
    const page = renderTableHtml(evil, { ...OPTIONS, lab: EVIL })
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(page).toContain('&amp;amp;')
    expect(page).toContain('&quot;q&quot; &#39;a&#39;')
  })

  it('when they are written as Markdown, then they are text in one cell', () => {
    const text = renderTableMarkdown(evil, { ...OPTIONS, lab: EVIL })
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(rows).toHaveLength(3)
    // Pipes that part cells are the ones that are not escaped.
    expect(rows.map((row) => row.replaceAll(/\\./g, '').split('|').length)).toEqual([5, 5, 5])
    const ours = text.replaceAll('<br>', '').replaceAll(/\*\*(?=\S)|(?<=\S)\*\*/g, '')
    expect(ours.replaceAll(/\\./g, '')).not.toMatch(/[<>`[\]&@]|:\/\/|www\./)
  })
})
