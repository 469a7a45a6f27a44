/** vue-i18n with our languages. Its compiler makes data of the messages, never code, so a strict Content-Security-Policy holds. */
import { createI18n } from 'vue-i18n'
import { en, type Messages } from './en.ts'
import { ko } from './ko.ts'

declare module 'vue-i18n' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- vue-i18n takes the type of its keys from an interface of this name
  export interface DefineLocaleMessage extends Messages {}
}

export const i18n = createI18n<[Messages], 'en' | 'ko', false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en, ko },
})
