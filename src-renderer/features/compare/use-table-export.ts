/** The table of differences as a file: for a document, for a browser, for a slide. All three say the same in the same words. */
import { useI18n } from 'vue-i18n'
import type { ComparisonCell, FilledRow } from '@common/experiments/comparison-table.ts'
import type { SideName } from '@common/experiments/experiment.ts'
import { renderTableHtml } from '@common/experiments/render-table-html.ts'
import { renderTableMarkdown } from '@common/experiments/render-table-markdown.ts'
import { computeAnswerWords, TABLE_WORDS, type TableOptions } from '@common/experiments/table-words.ts'
import { computeTablePicture, type TableText } from '../../model/table-scene.ts'
import { useSettingsStore } from '../../stores/settings-store.ts'
import { exportName, saveFile } from '../timeline/save-file.ts'
import { toPng } from '../timeline/scene-png.ts'

export const TABLE_FORMATS = ['markdown', 'html', 'png'] as const
export type TableFormat = (typeof TABLE_FORMATS)[number]

const ENDINGS: Readonly<Record<TableFormat, string>> = { markdown: 'md', html: 'html', png: 'png' }

export interface ExportedTable {
  lab: string
  rows: readonly FilledRow[]
  sides: readonly SideName[]
}

export function useTableExport(): (table: ExportedTable, format: TableFormat) => Promise<void> {
  const { t, locale } = useI18n()
  const settings = useSettingsStore()

  function textsOf(cell: ComparisonCell | undefined, options: TableOptions): TableText[] {
    const texts = computeAnswerWords(cell, options.locale).flatMap((words): TableText[] => [
      words.isAgainst
        ? { text: `⚠ ${TABLE_WORDS[options.locale].against}: ${words.answer}`, ink: 'state-failed', isStrong: true }
        : { text: words.answer, ink: 'ink', isStrong: true },
      { text: words.question, ink: 'ink-soft' },
      { text: words.observed, ink: 'ink-soft' },
    ])
    return texts.length > 0 ? texts : [{ text: t('compare.table.notYet'), ink: 'ink-soft' }]
  }

  function png(rows: readonly FilledRow[], options: TableOptions): Promise<Blob> {
    const words = TABLE_WORDS[options.locale]
    const picture = computeTablePicture({
      ...{ title: words.title, subtitle: `${words.lab}: ${options.lab}` },
      columns: [words.row, ...options.sides.map((side) => words.sides[side])],
      rows: rows.map(({ row, cells }) => ({
        title: row.title[options.locale],
        ...(row.note !== undefined && { note: row.note[options.locale] }),
        cells: options.sides.map((side) =>
          textsOf(
            cells.find((one) => one.side === side),
            options,
          ),
        ),
      })),
    })
    return toPng(picture, settings.isDark ? 'dark' : 'light', t('timeline.export.noCanvas'))
  }

  async function make({ lab, rows, sides }: ExportedTable, format: TableFormat): Promise<Blob> {
    const options: TableOptions = { locale: locale.value === 'ko' ? 'ko' : 'en', lab, sides }
    switch (format) {
      case 'markdown':
        return new Blob([renderTableMarkdown(rows, options)], { type: 'text/markdown;charset=utf-8' })
      case 'html':
        return new Blob([renderTableHtml(rows, options)], { type: 'text/html;charset=utf-8' })
      case 'png':
        return png(rows, options)
    }
  }

  return async (table, format) => {
    saveFile(exportName(table.lab, 'compare', Date.now(), ENDINGS[format]), await make(table, format))
  }
}
