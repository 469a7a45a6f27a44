/** 한국어 문구. 형태는 `Messages`가 정하며, 빠진 것은 컴파일되지 않는다. */
import type { Messages } from './en.ts'
import { shell } from './ko/shell.ts'
import { settings } from './ko/settings.ts'
import { palette } from './ko/palette.ts'
import { welcome } from './ko/welcome.ts'
import { lab } from './ko/lab.ts'
import { labs } from './ko/labs.ts'
import { labTexts } from './ko/lab-texts.ts'
import { nodeSettings } from './ko/node-settings.ts'
import { board } from './ko/board.ts'
import { pod } from './ko/pod.ts'
import { lifecycle } from './ko/lifecycle.ts'
import { cluster } from './ko/cluster.ts'
import { editor } from './ko/editor.ts'
import { timeline } from './ko/timeline.ts'
import { compare } from './ko/compare.ts'
import { terminal } from './ko/terminal.ts'
import { diagnostics } from './ko/diagnostics.ts'
import { links } from './ko/links.ts'
import { actions } from './ko/actions.ts'

export const ko: Messages = {
  ...shell,
  ...settings,
  ...palette,
  ...welcome,
  ...lab,
  ...labs,
  ...labTexts,
  ...nodeSettings,
  ...board,
  ...pod,
  ...lifecycle,
  ...cluster,
  ...timeline,
  ...compare,
  ...links,
  ...editor,
  ...actions,
  ...terminal,
  ...diagnostics,
}
