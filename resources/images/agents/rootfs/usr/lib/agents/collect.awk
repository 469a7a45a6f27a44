# Follows the log files of a node's pods, each from where the last look ended, and keeps counts and the last lines.
# A file is known by its inode, so that one that the kubelet has rotated (renamed) is read to its end and not again.

BEGIN {
  logs = ENVIRON["LOGS"]
  state = ENVIRON["STATE"]
  KEPT_LINES = 10
  KEPT_CHARACTERS = 400
  # dd reads in blocks of 64 KiB: at most 4 MiB of a file at one look.
  BLOCKS = 64
  print "log-collector: reading " logs " of " ENVIRON["NODE_NAME"] ", answering on port " ENVIRON["PORT"]
  restore()
  for (;;) {
    look()
    save()
    if (system("sleep 1") != 0) exit 1
  }
}

function look(   command, entry, words, inode) {
  turn++
  # Rotated files first: they are the older ones.
  command = "stat -c '%i %s %n' " logs "/*/*/*.log.* " logs "/*/*/*.log 2>/dev/null"
  while ((command | getline entry) > 0)
    if (split(entry, words, " ") == 3) follow(words[1], words[2], words[3])
  close(command)
  for (inode in position) if (seen_file[inode] != turn) forget_file(inode)
  for (container in stdout) if (seen_container[container] != turn) forget_container(container)
}

# The path is part of a shell's command: names that no kubelet writes are passed over.
function follow(inode, size, path,   container) {
  if (path !~ /^[A-Za-z0-9_.:\/-]+$/ || path ~ /\.(gz|tmp)$/) return
  container = container_of(path)
  if (container == "") return
  if (!(container in stdout)) {
    stdout[container] = 0
    stderr[container] = 0
    bytes[container] = 0
    print "log-collector: found " container
  }
  seen_file[inode] = turn
  seen_container[container] = turn
  if (file[inode] != path) changed = 1
  file[inode] = path
  if (!(inode in position) || size + 0 < position[inode]) position[inode] = 0
  if (size + 0 > position[inode]) read_on(inode, path, container)
}

# A line that is not complete yet is left for the next look. Bytes of value 0 would end a line for awk.
function read_on(inode, path, container,   command, line, length_sum, is_first, held) {
  command = "dd if=" path " bs=65536 count=" BLOCKS " iflag=skip_bytes skip=" position[inode] " 2>/dev/null | tr '\\000' ' '; echo"
  is_first = 1
  while ((command | getline line) > 0) {
    if (!is_first) {
      length_sum += length(held) + 1
      take(container, held)
    }
    is_first = 0
    held = line
  }
  close(command)
  position[inode] += length_sum
  bytes[container] += length_sum
  changed = 1
}

# 2026-01-31T12:00:00.000000000Z stdout F text; P instead of F: the line goes on in the next entry.
function take(container, line,   words, text) {
  if (split(line, words, " ") < 3 || (words[2] != "stdout" && words[2] != "stderr")) return
  text = substr(line, length(words[1] words[2] words[3]) + 4)
  if (words[3] == "P") {
    begun[container, words[2]] = substr(begun[container, words[2]] text, 1, KEPT_CHARACTERS)
    return
  }
  text = substr(begun[container, words[2]] text, 1, KEPT_CHARACTERS)
  delete begun[container, words[2]]
  if (words[2] == "stdout") stdout[container]++
  else stderr[container]++
  last[container, (count[container]++) % KEPT_LINES] = substr(words[1], 1, 19) "Z " words[2] " " text
}

# LOGS/NAMESPACE_POD_UID/CONTAINER/0.log -> "NAMESPACE POD UID CONTAINER"; none of these can contain an underscore.
function container_of(path,   parts, pod) {
  if (split(substr(path, length(logs) + 2), parts, "/") != 3 || split(parts[1], pod, "_") != 3) return ""
  return pod[1] " " pod[2] " " pod[3] " " parts[2]
}

function forget_file(inode) {
  delete position[inode]
  delete file[inode]
  delete seen_file[inode]
  changed = 1
}

function forget_container(container,   place) {
  print "log-collector: gone " container
  for (place = 0; place < KEPT_LINES; place++) delete last[container, place]
  delete begun[container, "stdout"]
  delete begun[container, "stderr"]
  delete stdout[container]
  delete stderr[container]
  delete bytes[container]
  delete count[container]
  delete seen_container[container]
  changed = 1
}

# Whoever reads sees a file of before or of after, never a half of one.
function save(   inode, container, number) {
  if (!changed && turn > 1) return
  changed = 0
  printf "" > (state "/files.new")
  for (inode in position) print inode, position[inode], file[inode] > (state "/files.new")
  printf "" > (state "/containers.new")
  printf "" > (state "/lines.new")
  for (container in stdout) {
    print container, stdout[container], stderr[container], bytes[container] > (state "/containers.new")
    number = count[container] > KEPT_LINES ? count[container] - KEPT_LINES : 0
    for (; number < count[container]; number++) print container, last[container, number % KEPT_LINES] > (state "/lines.new")
  }
  close(state "/files.new")
  close(state "/containers.new")
  close(state "/lines.new")
  system("cd " state " && mv lines.new lines && mv containers.new containers && mv files.new files")
}

function restore(   line, words, container) {
  while ((getline line < (state "/files")) > 0) {
    split(line, words, " ")
    position[words[1]] = words[2] + 0
    file[words[1]] = words[3]
  }
  while ((getline line < (state "/containers")) > 0) {
    split(line, words, " ")
    container = words[1] " " words[2] " " words[3] " " words[4]
    stdout[container] = words[5] + 0
    stderr[container] = words[6] + 0
    bytes[container] = words[7] + 0
  }
  while ((getline line < (state "/lines")) > 0) {
    split(line, words, " ")
    container = words[1] " " words[2] " " words[3] " " words[4]
    last[container, (count[container]++) % KEPT_LINES] = substr(line, length(container) + 2)
  }
}
