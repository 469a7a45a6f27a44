/** Linux's limit of file watchers for each user; who is root can write it. */
export const INOTIFY_LIMIT_FILE = '/proc/sys/fs/inotify/max_user_instances'
