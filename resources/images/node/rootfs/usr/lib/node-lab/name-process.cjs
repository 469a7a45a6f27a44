// Makes `ps -ef` show the program's own name and arguments, and `pgrep`, `pidof` and `killall` find it by its name.
const { writeFileSync } = require('node:fs')
const path = require('node:path')

delete process.env.NODE_OPTIONS
process.title = [process.argv0, ...process.argv.slice(2)].join(' ')
writeFileSync('/proc/self/comm', path.basename(process.argv0))
