/** English texts. Their shape is the contract for every other language (`Messages`). */
import { shell } from './en/shell.ts'
import { settings } from './en/settings.ts'
import { palette } from './en/palette.ts'
import { welcome } from './en/welcome.ts'
import { lab } from './en/lab.ts'
import { labs } from './en/labs.ts'
import { labTexts } from './en/lab-texts.ts'
import { nodeSettings } from './en/node-settings.ts'
import { board } from './en/board.ts'
import { pod } from './en/pod.ts'
import { lifecycle } from './en/lifecycle.ts'
import { cluster } from './en/cluster.ts'
import { editor } from './en/editor.ts'
import { timeline } from './en/timeline.ts'
import { compare } from './en/compare.ts'
import { terminal } from './en/terminal.ts'
import { diagnostics } from './en/diagnostics.ts'
import { links } from './en/links.ts'
import { actions } from './en/actions.ts'

export const en = {
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

type Texts<Shape> = { [Key in keyof Shape]: Shape[Key] extends string ? string : Texts<Shape[Key]> }

/** What every language has to say: a missing key does not compile. */
export type Messages = Texts<typeof en>
