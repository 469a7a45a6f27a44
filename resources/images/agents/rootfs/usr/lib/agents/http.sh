# One HTTP exchange over standard input and output; nc starts a program that reads this for each connection.
carriage_return=$(printf '\r')

# Sets "method" and "path" (without what follows "?"). The headers are read too: a connection that is closed with something
# unread is reset, and the answer may be lost.
read_request() {
  method='' path='' headers=0
  IFS=' ' read -r -t 5 method path _ || return 1
  path=${path%%\?*}
  path=${path%"$carriage_return"}
  while [ "$headers" -lt 100 ] && IFS= read -r -t 5 header && [ "$header" != "$carriage_return" ] && [ -n "$header" ]; do
    headers=$((headers + 1))
  done
}

# answer STATUS: the body comes from standard input.
answer() {
  printf 'HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nConnection: close\r\n\r\n' "$1"
  [ "$method" = HEAD ] || cat
}

# The paths that both agents have; everything else is for "route".
serve() {
  read_request || exit 0
  case $method in
    GET | HEAD) route ;;
    *) echo 'Only GET and HEAD are answered.' | answer '405 Method Not Allowed' ;;
  esac
}

not_found() {
  printf 'There is nothing at %s; try %s.\n' "$path" "$1" | answer '404 Not Found'
}
