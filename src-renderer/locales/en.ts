/** English texts. Their shape is the contract for every other language (`Messages`). */
import { shell } from './en/shell.ts'
import { lab } from './en/lab.ts'
import { board } from './en/board.ts'
import { pod } from './en/pod.ts'
import { cluster } from './en/cluster.ts'
import { editor } from './en/editor.ts'
import { timeline } from './en/timeline.ts'
import { links } from './en/links.ts'

export const en = { ...shell, ...lab, ...board, ...pod, ...cluster, ...timeline, ...links, ...editor }

type Texts<Shape> = { [Key in keyof Shape]: Shape[Key] extends string ? string : Texts<Shape[Key]> }

/** What every language has to say: a missing key does not compile. */
export type Messages = Texts<typeof en>
