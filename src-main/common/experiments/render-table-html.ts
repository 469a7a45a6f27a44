/** The table of differences as a page of its own. Pure. */
import type { FilledRow } from './comparison-table.ts'
import { computeAnswerWords, TABLE_WORDS, type AnswerWords, type TableOptions } from './table-words.ts'

const STYLE = `
:root { color-scheme: light dark; --soft: light-dark(#57606a, #9aa4af); --line: light-dark(#d0d7de, #3a424b); }
body { margin: 2rem; font: 14px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 8px 12px; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
p { margin: 0; }
p + p.answer { margin-top: 8px; }
.soft { color: var(--soft); font-size: 12px; font-weight: normal; }
.answer { font-weight: 600; }
.against { color: light-dark(#b42318, #ff8a80); }
`

/** A whole document that needs nothing else. No text in it can become markup, and nothing in it can run. */
export function renderTableHtml(table: readonly FilledRow[], { locale, lab, sides }: TableOptions): string {
  const words = TABLE_WORDS[locale]
  const heads = [words.row, ...sides.map((side) => words.sides[side])]
  const rows = table.map(({ row, cells }) => {
    const note = row.note === undefined ? '' : `<p class="soft">${escape(row.note[locale])}</p>`
    const filled = sides.map((side) => {
      const answers = computeAnswerWords(
        cells.find((cell) => cell.side === side),
        locale,
      )
      return `<td>${answers.map((answer) => renderAnswer(answer, words.against)).join('')}</td>`
    })
    return `<tr><th scope="row">${escape(row.title[locale])}${note}</th>${filled.join('')}</tr>`
  })
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(words.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(words.title)}</h1>
<p class="soft">${escape(words.lab)}: ${escape(lab)}</p>
<table>
<thead><tr>${heads.map((head) => `<th scope="col">${escape(head)}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</body>
</html>
`
}

function renderAnswer({ answer, question, observed, isAgainst }: AnswerWords, against: string): string {
  const mark = isAgainst ? `<p class="answer against">⚠ ${escape(against)}: ` : '<p class="answer">'
  return `${mark}${escape(answer)}</p><p class="soft">${escape(question)}</p><p class="soft">${escape(observed)}</p>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')
}
