/** By the name of an API type, then by field; the empty field is the type itself. */
export type TypeDescriptions = Readonly<Record<string, Readonly<Record<string, string>>>>
