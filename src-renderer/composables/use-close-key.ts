/** Escape closes the topmost of what is open, and one thing at a time: each part says here how it closes. */
import { useI18n } from 'vue-i18n'
import { useCommands } from './use-commands.ts'

/**
 * To be called when the part is shown: what came up last is asked first. Dialogs and menus are not meant; they are above all of it.
 * @param close `false` when nothing of this part is open, so that the next one is asked
 */
export function useCloseKey(close: () => unknown): void {
  const { t } = useI18n()
  useCommands(() => [
    {
      id: 'close',
      group: 'window',
      title: t('shortcuts.item.close'),
      shortcut: 'close',
      isHidden: true,
      run: close,
    },
  ])
}
