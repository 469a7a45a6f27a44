/** The timeline as a file: a picture for slides, or the entries for programs. */
import { useI18n } from 'vue-i18n'
import { useDuration } from '../../composables/use-duration.ts'
import { TICK_GAP_PX } from '../../model/axis-scene.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import { computeLaneRows, type LaneRow } from '../../model/lane-rows.ts'
import { LEGEND_SIGNS } from '../../model/legend-scene.ts'
import { computePicture, type Picture } from '../../model/picture-scene.ts'
import { toSvg } from '../../model/scene-svg.ts'
import { computeAxis } from '../../model/time-axis.ts'
import { fitRange, type TimeRange } from '../../model/time-range.ts'
import { filterEntries } from '../../model/timeline-filter.ts'
import { useActionsStore } from '../../stores/actions-store.ts'
import { useLabsStore } from '../../stores/labs-store.ts'
import { useTimelinePageStore } from '../../stores/timeline-page-store.ts'
import { useTimelineStore } from '../../stores/timeline-store.ts'
import { readFonts, readPalette } from './read-palette.ts'
import { exportName, saveFile } from './save-file.ts'
import { LARGEST_CANVAS_PX, toPng } from './scene-png.ts'
import type { LaneRows } from './use-lane-rows.ts'
import { useLaneTexts } from './use-lane-texts.ts'

export const EXPORT_FORMATS = ['png', 'svg', 'json'] as const
export const EXPORT_EXTENTS = ['shown', 'everything'] as const
export const EXPORT_THEMES = ['light', 'dark'] as const

export interface ExportChoice {
  format: (typeof EXPORT_FORMATS)[number]
  /** `shown`: this stretch of time and these filters. */
  extent: (typeof EXPORT_EXTENTS)[number]
  theme: (typeof EXPORT_THEMES)[number]
}

const WIDTH = 1600

export function useTimelineExport(
  source: LaneRows,
  shownRange: () => TimeRange,
): (choice: ExportChoice) => Promise<void> {
  const { t, locale } = useI18n()
  const labs = useLabsStore()
  const page = useTimelinePageStore()
  const store = useTimelineStore()
  const userActions = useActionsStore()
  const texts = useLaneTexts()
  const duration = useDuration()

  const lab = (): string => labs.current?.name ?? ''

  function rangeOf({ extent }: ExportChoice, nowMs: number): TimeRange {
    return extent === 'shown' ? shownRange() : fitRange(source.lanes.value.startMs ?? nowMs - 60_000, nowMs)
  }

  function actionsOf({ extent }: ExportChoice): readonly UserAction[] {
    return extent === 'shown' ? source.actions.value : userActions.actionsOf(lab())
  }

  function rowsOf(choice: ExportChoice): readonly LaneRow[] {
    if (choice.extent === 'shown') return source.rows.value
    return computeLaneRows(source.lanes.value, {
      matches: () => true,
      sort: page.sort,
      closedNodes: new Set(),
      openPods: page.openPods,
      actions: actionsOf(choice),
      simulated: source.simulated.value,
    })
  }

  function picture(choice: ExportChoice, nowMs: number, maximumHeight?: number): Picture {
    const range = rangeOf(choice, nowMs)
    const zone = texts.timeZone.value
    return computePicture({
      rows: rowsOf(choice),
      range,
      nowMs,
      width: WIDTH,
      title: t('timeline.export.title', { lab: lab() }),
      subtitle: t('timeline.export.subtitle', {
        from: texts.formatTime(range.startMs),
        to: texts.formatTime(Math.min(range.endMs, nowMs)),
      }),
      ticks: (widthPx) =>
        computeAxis(range, {
          locale: locale.value,
          ...(zone !== undefined && { timeZone: zone }),
          minGapPx: TICK_GAP_PX,
          widthPx,
        }),
      nameOf: texts.nameRow,
      legend: LEGEND_SIGNS.map((sign) => ({ sign, text: t(`timeline.sign.${sign}`) })),
      ...(maximumHeight !== undefined && { maximumHeight }),
      omitted: (count) => t('timeline.export.omitted', count),
      matches: choice.extent === 'shown' ? source.entryMatches.value : () => true,
      actions: actionsOf(choice),
      formatDuration: duration,
      formatExit: texts.formatExit,
    })
  }

  function svg(choice: ExportChoice, nowMs: number): Blob {
    const { shapes, width, height } = picture(choice, nowMs)
    const title = t('timeline.export.title', { lab: lab() })
    const text = toSvg(shapes, { width, height, title, palette: readPalette(choice.theme), ...readFonts() })
    return new Blob([text], { type: 'image/svg+xml' })
  }

  function png(choice: ExportChoice, nowMs: number): Promise<Blob> {
    const drawn = picture(choice, nowMs, LARGEST_CANVAS_PX)
    return toPng(drawn, choice.theme, t('timeline.export.noCanvas'))
  }

  /** Entries as the nodes wrote them, so that a program may read them as it reads a journal. */
  function json(choice: ExportChoice, nowMs: number): Blob {
    const all = store.entriesOf(lab())
    const { startMs, endMs } = rangeOf(choice, nowMs)
    const isInside = ({ time }: { time: string }): boolean => Date.parse(time) >= startMs && Date.parse(time) <= endMs
    const isShown = choice.extent === 'shown'
    const entries = isShown ? filterEntries(all, { ...page.filter }).filter(isInside) : all
    const actions = isShown ? actionsOf(choice).filter(isInside) : actionsOf(choice)
    const document = { lab: lab(), exportedAt: new Date(nowMs).toISOString(), entries, actions }
    return new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' })
  }

  return async (choice) => {
    const nowMs = Date.now()
    const makers = { svg, png, json }
    saveFile(exportName(lab(), 'timeline', nowMs, choice.format), await makers[choice.format](choice, nowMs))
  }
}
