/** What the editor says, in the user's language: problems, fixes, hover help. The kubelet's own particulars stay as it words them. */
import { useI18n } from 'vue-i18n'
import { explainFieldError, type FieldError } from '@common/validation/field-error.ts'
import { useVerdictText } from '../../composables/use-verdict-text.ts'
import type { ManifestProblem, QuickFix } from './compute-problems.ts'
import type { EditorWords } from './editor-extensions.ts'
import type { FieldFacts, FieldStanding } from './field-standing.ts'

/** @param label name of the text for screen readers */
export function useEditorWords(): (label: string) => EditorWords {
  const { t, locale } = useI18n()
  const verdicts = useVerdictText()

  function problem({ cause }: ManifestProblem): string {
    switch (cause.kind) {
      case 'verdict':
        if (locale.value === 'en' && cause.explanation !== '') return cause.explanation
        return verdicts.reasonOf(cause.reason, { kind: cause.manifestKind })
      case 'field':
        return fieldError(cause.error)
      case 'reference':
        return t('editor.problem.reference', { field: cause.field, resource: cause.resource })
      case 'warning':
        return locale.value === 'en' ? cause.warning.message : verdicts.warning(cause.warning)
    }
  }

  function fieldError(error: FieldError): string {
    if (locale.value === 'en') return `${explainFieldError(error)}.`
    const value = error.value === undefined ? '' : JSON.stringify(error.value)
    const detail = error.detail === '' ? '' : ` (${error.detail})`
    return t(`editor.fieldError.${FIELD_ERRORS[error.type]}`, { field: error.field, value }) + detail
  }

  function fix(one: QuickFix): string {
    switch (one.kind) {
      case 'rename':
        return t('editor.fix.rename', { to: one.to })
      case 'remove':
        return t('editor.fix.remove', { field: one.field })
      case 'replace':
        return t('editor.fix.replace', { to: one.to.trim() })
    }
  }

  function standing(of: FieldStanding): string {
    switch (of.kind) {
      case 'honoured':
      case 'others':
      case 'overwritten':
        return t(`editor.standing.${of.kind}`)
      case 'reference':
        return t('editor.standing.reference', { resource: of.resource })
      case 'forbidden':
      case 'notHonoured':
        return t(`editor.standing.${of.kind}`, { detail: of.detail })
      case 'refused':
        return of.values.length === 0
          ? t('editor.standing.refused', { detail: of.detail })
          : t('editor.standing.refusedValues', { values: of.values.join(', ') })
    }
  }

  function facts(of: FieldFacts): { standing: string; lines: string[] } {
    const lines = [
      of.isRequired ? t('editor.fact.required') : '',
      of.default === undefined ? '' : t('editor.fact.default', { value: of.default }),
      of.values.length === 0 ? '' : t('editor.fact.values', { values: of.values.join(', ') }),
    ]
    return { standing: standing(of.standing), lines: lines.filter((line) => line !== '') }
  }

  return (label) => ({
    label,
    locale: locale.value === 'ko' ? 'ko' : 'en',
    phrases: {
      Completions: t('editor.phrase.completions'),
      Find: t('editor.phrase.find'),
      Replace: t('editor.phrase.replace'),
      next: t('editor.phrase.next'),
      previous: t('editor.phrase.previous'),
      all: t('editor.phrase.all'),
      'match case': t('editor.phrase.matchCase'),
      'by word': t('editor.phrase.byWord'),
      regexp: t('editor.phrase.regexp'),
      replace: t('editor.phrase.replaceOne'),
      'replace all': t('editor.phrase.replaceAll'),
      close: t('editor.phrase.close'),
      Diagnostics: t('editor.phrase.problems'),
      'No diagnostics': t('editor.phrase.noProblems'),
      '$ unchanged lines': t('editor.phrase.unchanged'),
    },
    problem,
    fix,
    facts,
    snippet: (id) => t(`editor.snippet.${id}`),
  })
}

const FIELD_ERRORS = {
  'Required value': 'required',
  'Invalid value': 'invalid',
  'Unsupported value': 'unsupported',
  'Duplicate value': 'duplicate',
  'Not found': 'notFound',
  Forbidden: 'forbidden',
  'Too long': 'tooLarge',
  'Too many': 'tooLarge',
} as const satisfies Record<FieldError['type'], string>
