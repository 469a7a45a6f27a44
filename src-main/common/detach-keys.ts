/**
 * Keys at which an engine lets go of a terminal: three zero bytes in a row, which nobody types. An engine has to be told of some;
 * otherwise it keeps Ctrl+P to itself until the next key, and lets go at Ctrl+P Ctrl+Q.
 */
export const NO_DETACH_KEYS = 'ctrl-@,ctrl-@,ctrl-@'
