/** Since Debian 12 these are links into `usr`; packages may still name files by the old paths. */
export const MERGED_FOLDERS = ['bin', 'sbin', 'lib', 'lib64'] as const
