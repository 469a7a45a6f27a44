/** A problem of the settings file as an English sentence, for the command line and the log. */
import type { SettingsProblem } from '../../common/settings/settings.ts'

/** Begins with `file:line:column`, which terminals and editors can follow. */
export function describeProblem(file: string, problem: SettingsProblem): string {
  if (problem.kind === 'unreadable') return `${file} cannot be read: ${problem.message}`
  const place = `${file}:${problem.line}:${problem.column}`
  switch (problem.kind) {
    case 'syntax':
      return `${place}: this is not valid JSON`
    case 'unknown-key': {
      const guess = problem.suggestion === undefined ? '' : `; did you mean "${problem.suggestion}"?`
      return `${place}: there is no setting ${JSON.stringify(problem.key)}${guess}`
    }
    case 'invalid-value':
      return `${place}: ${problem.key} ${problem.expected}`
  }
}
