/** 한국어 문구. 형태는 `Messages`가 정하며, 빠진 것은 컴파일되지 않는다. */
import type { Messages } from './en.ts'
import { shell } from './ko/shell.ts'
import { lab } from './ko/lab.ts'
import { board } from './ko/board.ts'
import { pod } from './ko/pod.ts'
import { cluster } from './ko/cluster.ts'
import { editor } from './ko/editor.ts'
import { timeline } from './ko/timeline.ts'
import { links } from './ko/links.ts'

export const ko: Messages = { ...shell, ...lab, ...board, ...pod, ...cluster, ...timeline, ...links, ...editor }
