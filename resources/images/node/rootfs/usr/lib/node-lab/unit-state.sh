# How the units of a node are, for systemctl: what init has loaded and what it has written down of the kubelet, and what can be
# seen of the services that it does not run. Sourced by systemctl, after unit-parser.sh.

RUN=/run/node-lab
WANTS=/etc/systemd/system/multi-user.target.wants

# Whether init runs it by its files. The others are watched only.
is_managed() { [[ $1 == kubelet.service ]]; }

# Names of the services whose files are there.
list_unit_names() {
  local dir file
  for dir in "${UNIT_DIRS[@]}"; do
    for file in "$dir"/*.service; do [[ -e $file || -L $file ]] && echo "${file##*/}"; done
  done | sort -u
}

# Fills the array `state`, and the UNIT_* variables as they are loaded.
read_unit() {
  local unit=$1 key value
  declare -gA state=([State]=inactive [Result]=success [MainPID]=0 [LastPID]=0 [ChangedAt]=0 [StartedAt]=0 [EndedAt]=0
    [InactiveExitAt]=0 [ActiveEnterAt]=0 [ActiveExitAt]=0 [InactiveEnterAt]=0 [ExitCode]='' [ExitStatus]=0 [Restarts]=0
    [CommandRun]='')
  if ! is_managed "$unit"; then
    unit_load "$unit"
    read_watched "$unit"
    return
  fi
  if [[ -r $RUN/units/$unit ]]; then
    while IFS='=' read -r key value; do state[$key]=$value; done <"$RUN/units/$unit"
  fi
  # What a function declares is its own, but for -g.
  if [[ -r $RUN/units/$unit.loaded ]]; then . <(sed 's/^declare /declare -g /' "$RUN/units/$unit.loaded"); else unit_load "$unit"; fi
}

read_watched() {
  local pid
  case $1 in
    containerd.service)
      timeout 2 socat -u OPEN:/dev/null UNIX-CONNECT:/run/containerd/containerd.sock 2>/dev/null && state[State]=active
      state[StartedAt]=$(( $(stat -c %Y /run/containerd/containerd.sock 2>/dev/null || echo 0) * 1000 ))
      ;;
    ssh.service)
      pid=$(cat /run/dropbear.pid 2>/dev/null)
      [[ -n $pid && -d /proc/$pid ]] || return
      state[State]=active state[MainPID]=$pid state[LastPID]=$pid state[MainName]=dropbear state[CommandRun]=known
      state[StartedAt]=$(( $(stat -c %Y /run/dropbear.pid) * 1000 ))
      ;;
  esac
  state[ChangedAt]=${state[StartedAt]} state[InactiveExitAt]=${state[StartedAt]} state[ActiveEnterAt]=${state[StartedAt]}
}

# Since when a unit is as it is, in milliseconds, by what systemd counts for each state; 0 where it has never been otherwise.
active_since() {
  case ${state[State]} in
    active) echo "${state[ActiveEnterAt]}" ;;
    auto-restart) echo "${state[InactiveExitAt]}" ;;
    deactivating) echo "${state[ActiveExitAt]}" ;;
    *) echo "${state[InactiveEnterAt]}" ;;
  esac
}

active_state() {
  case ${state[State]} in
    auto-restart) echo activating ;;
    *) echo "${state[State]}" ;;
  esac
}

sub_state() {
  case ${state[State]} in
    active) echo running ;; inactive) echo dead ;; deactivating) echo stop-sigterm ;; *) echo "${state[State]}" ;;
  esac
}

# Of the files on the disk, which is where enabling is written down.
enabled_state() {
  local unit=$1 fragment=$UNIT_FRAGMENT dropins=("${UNIT_DROPINS[@]}")
  unit_find "$unit"
  if [[ -z $UNIT_FRAGMENT ]]; then echo not-found
  elif unit_is_masked "$UNIT_FRAGMENT"; then echo masked
  elif [[ -L $WANTS/$unit ]]; then echo enabled
  elif grep -qs '^\[Install\]' "$UNIT_FRAGMENT"; then echo disabled
  else echo static
  fi
  UNIT_FRAGMENT=$fragment UNIT_DROPINS=("${dropins[@]}")
}

# Whether the unit's files are other than those that init has read.
changed_on_disk() {
  local stamp fragment=$UNIT_FRAGMENT dropins=("${UNIT_DROPINS[@]}")
  stamp=$(unit_stamp "$1")
  UNIT_FRAGMENT=$fragment UNIT_DROPINS=("${dropins[@]}")
  [[ -n ${state[Loaded]-} && ${stamp//$'\n'/;} != "${state[Loaded]}" ]]
}

warn_if_changed() {
  changed_on_disk "$1" || return 0
  echo "Warning: The unit file, source configuration file or drop-ins of $1 changed on disk. Run 'systemctl daemon-reload' to reload units." >&2
}

# Sends a request to init and waits for its answer: VERB [WORD].
ask_init() {
  local pipe=$RUN/reply.$$ answer
  [[ -p $RUN/control ]] || die 1 'System has not been booted with this init as PID 1.'
  mkfifo -m 0600 "$pipe" || exit 1
  trap 'rm -f "$pipe"' EXIT
  exec 4<>"$pipe"
  printf '%s %s %s\n' "$1" "$pipe" "${2-}" >"$RUN/control"
  IFS= read -r answer <&4
  rm -f "$pipe"
  trap - EXIT
  [[ ${answer%% *} == 0 ]] && return
  echo -e "${answer#* }" >&2
  return 1
}
