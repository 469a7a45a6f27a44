# How init starts the process of its unit, and what it calls the ways in which one ends. Sourced by init.

# The service's process. What cannot be set up is told by the exit codes that systemd has for it.
run_service() {
  local program folder=$UNIT_WORKING_DIRECTORY as=()
  trap - TERM INT PWR
  exec 3>&- </dev/null >>"$JOURNAL" 2>&1
  if [[ -n $UNIT_USER && $UNIT_USER != root && $UNIT_USER != 0 ]]; then
    id -u "$UNIT_USER" &>/dev/null || step_failed 217 USER 'Failed to determine user credentials' 'No such process'
    as=(setpriv --reuid "$UNIT_USER" --regid "$(id -g "$UNIT_USER")" --init-groups)
  fi
  cd "${folder#-}" &>/dev/null || [[ $folder == -* ]] ||
    step_failed 200 CHDIR 'Changing to the requested working directory failed' 'No such file or directory'
  program=$(find_program "${UNIT_ARGV[0]}") || exit 203
  record run "$BASHPID" "$MAIN_NAME" "$INVOCATION"
  exec env -i PATH="$PATH" LANG=C.UTF-8 HOME=/root INVOCATION_ID="$INVOCATION" "${UNIT_ENV[@]}" \
    "${as[@]}" "$program" "${UNIT_ARGV[@]:1}"
}

# Prints the path of a program that can be run.
find_program() {
  local why='No such file or directory' program
  program=$(type -P -- "$1")
  if [[ -n $program && -f $program && -x $program ]]; then
    echo "$program"
    return
  fi
  [[ ! -e $1 ]] || why='Permission denied'
  [[ $why == Perm* ]] || child_journal 5 "Unable to locate executable '$1': $why"
  child_journal 3 "Failed at step EXEC spawning $1: $why"
  return 1
}

# Before the program is there, its process is known by the end of the program's name, in brackets.
child_journal() {
  local name=$MAIN_NAME
  (( ${#name} <= 8 )) || name=${name: -8}
  record log "$1" "$BASHPID" "($name)" "$UNIT: $2"
}

# CODE STEP WHAT WHY
step_failed() {
  child_journal 3 "$3: $4"
  child_journal 3 "Failed at step $2 spawning ${UNIT_ARGV[0]}: $4"
  exit "$1"
}

# Fills EXIT_NAME from EXIT_CODE and EXIT_STATUS.
name_exit() {
  if [[ $EXIT_CODE == killed ]]; then
    EXIT_NAME=$(kill -l "$EXIT_STATUS")
    return
  fi
  case $EXIT_STATUS in
    0) EXIT_NAME=SUCCESS ;; 1) EXIT_NAME=FAILURE ;; 2) EXIT_NAME=INVALIDARGUMENT ;; 3) EXIT_NAME=NOTIMPLEMENTED ;;
    4) EXIT_NAME=NOPERMISSION ;; 5) EXIT_NAME=NOTINSTALLED ;; 6) EXIT_NAME=NOTCONFIGURED ;; 7) EXIT_NAME=NOTRUNNING ;;
    200) EXIT_NAME=CHDIR ;; 203) EXIT_NAME=EXEC ;; 217) EXIT_NAME=USER ;; *) EXIT_NAME=n/a ;;
  esac
}
