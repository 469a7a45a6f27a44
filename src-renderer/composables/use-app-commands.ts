/** Commands of the window itself: places, appearance, zoom, presenting, and what its shortcuts do. */
import {
  ArrowLeft,
  ArrowRight,
  Bell,
  Contrast,
  Keyboard,
  Languages,
  ListChecks,
  Presentation,
  Sparkles,
  ZoomIn,
  ZoomOut,
} from '@lucide/vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { LOCALES, THEMES } from '@common/settings/settings.ts'
import type { Command } from '../model/command.ts'
import { railPlaces } from '../model/rail-places.ts'
import { usePaletteStore } from '../stores/palette-store.ts'
import { useSettingsStore } from '../stores/settings-store.ts'
import { useStatusPanelsStore } from '../stores/status-panels-store.ts'
import { useCommands } from './use-commands.ts'

export function useAppCommands(): void {
  const router = useRouter()
  const palette = usePaletteStore()
  const panels = useStatusPanelsStore()
  const settings = useSettingsStore()
  const { t } = useI18n()

  function placeCommands(): Command[] {
    const places = railPlaces(router).map(({ name, icon, shortcut }): Command => ({
      id: `go-${name}`,
      group: 'places',
      title: t(`places.${name}`),
      icon,
      shortcut,
      run: () => router.push({ name }),
    }))
    const welcome: Command = {
      id: 'go-welcome',
      group: 'places',
      title: t('welcome.command'),
      icon: Sparkles,
      shortcut: 'go-welcome',
      run: () => router.push({ name: 'welcome' }),
    }
    return [...places, welcome]
  }

  function viewCommands(): Command[] {
    const themes = THEMES.filter((theme) => theme !== settings.theme).map((theme): Command => ({
      id: `theme-${theme}`,
      group: 'view',
      title: t('palette.theme', { theme: t(`settings.themes.${theme}`) }),
      keywords: theme,
      icon: Contrast,
      run: () => settings.change({ theme }),
    }))
    const languages = LOCALES.filter((locale) => locale !== settings.locale).map((locale): Command => ({
      id: `language-${locale}`,
      group: 'view',
      title: t('palette.language', { language: t(`settings.languages.${locale}`) }),
      keywords: `language 언어 ${locale}`,
      icon: Languages,
      run: () => settings.change({ locale }),
    }))
    return [
      ...themes,
      ...languages,
      {
        id: 'presenter',
        group: 'view',
        title: t(settings.isPresenting ? 'palette.presenterOff' : 'palette.presenterOn'),
        icon: Presentation,
        shortcut: 'presenter',
        run: () => settings.change({ presenter: !settings.isPresenting }),
      },
      zoomCommand('zoom-in', settings.zoomLevel + 1),
      zoomCommand('zoom-out', settings.zoomLevel - 1),
      zoomCommand('zoom-reset', 0),
    ]
  }

  function zoomCommand(id: 'zoom-in' | 'zoom-out' | 'zoom-reset', level: number): Command {
    const icon = id === 'zoom-out' ? ZoomOut : ZoomIn
    const run = (): void => settings.setZoomLevel(level)
    return { id, group: 'view', title: t(`shortcuts.item.${id}`), icon, shortcut: id, run }
  }

  function windowCommands(): Command[] {
    return [
      {
        id: 'shortcuts',
        group: 'window',
        title: t('shortcuts.title'),
        icon: Keyboard,
        shortcut: 'shortcuts',
        run: () => palette.open('shortcuts'),
      },
      {
        id: 'tasks',
        group: 'window',
        title: t('shortcuts.item.tasks'),
        icon: ListChecks,
        shortcut: 'tasks',
        run: () => panels.open('tasks'),
      },
      {
        id: 'messages',
        group: 'window',
        title: t('shortcuts.item.messages'),
        icon: Bell,
        shortcut: 'messages',
        run: () => panels.open('messages'),
      },
      {
        id: 'back',
        group: 'window',
        title: t('shortcuts.item.back'),
        icon: ArrowLeft,
        shortcut: 'back',
        run: () => router.back(),
      },
      {
        id: 'forward',
        group: 'window',
        title: t('shortcuts.item.forward'),
        icon: ArrowRight,
        shortcut: 'forward',
        run: () => router.forward(),
      },
      hidden('palette', () => palette.toggle('palette')),
      hidden('search', focusSearch),
    ]
  }

  function hidden(id: 'palette' | 'search', run: () => unknown): Command {
    return { id, group: 'window', title: t(`shortcuts.item.${id}`), shortcut: id, isHidden: true, run }
  }

  useCommands(placeCommands)
  useCommands(viewCommands)
  useCommands(windowCommands)
}

/** The field that searches or filters what is on the screen, where there is one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('main [type=search], aside [type=search], main [role=searchbox]')
  field?.focus()
  return field !== null
}
