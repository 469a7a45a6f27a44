# What `systemctl status`, `show` and the lists print. Sourced by systemctl, after unit-state.sh.

# Milliseconds as systemd writes a span: `1.284s`, `2min 3s`.
format_span() {
  local ms=$1 text='' seconds
  (( ms >= 86400000 )) && text+="$((ms / 86400000))d "
  (( ms >= 3600000 )) && text+="$((ms / 3600000 % 24))h "
  (( ms >= 60000 )) && text+="$((ms / 60000 % 60))min "
  seconds=$((ms / 1000 % 60))
  if (( ms < 1000 )); then text+="${ms}ms"
  elif (( ms % 1000 && ms < 60000 )); then text+=$(printf '%d.%03ds' "$seconds" $((ms % 1000)))
  elif (( ms % 1000 )); then text+=$(printf '%d.%03ds' "$seconds" $((ms % 1000)))
  elif (( seconds || ms < 60000 )); then text+="${seconds}s"
  fi
  echo "${text% }"
}

# How long ago a time in milliseconds was.
format_ago() {
  local ms=$(($(date +%s%3N) - $1)) seconds
  seconds=$((ms / 1000))
  if (( ms < 1000 )); then echo "${ms}ms ago"
  elif (( seconds < 60 )); then echo "${seconds}s ago"
  elif (( seconds < 3600 )); then echo "$((seconds / 60))min$( (( seconds >= 300 )) || echo " $((seconds % 60))s") ago"
  elif (( seconds < 86400 )); then echo "$((seconds / 3600))h$( (( seconds >= 21600 )) || echo " $((seconds % 3600 / 60))min") ago"
  elif (( seconds < 172800 )); then echo "1 day $((seconds % 86400 / 3600))h ago"
  else echo "$((seconds / 86400)) days ago"
  fi
}

format_time() { date -d "@$(($1 / 1000))" '+%a %Y-%m-%d %H:%M:%S %Z'; }

# Bytes as systemd writes them: `184K`, `39.2M`.
format_bytes() {
  if (( $1 < 1024 )); then echo "$1B"
  else awk -v bytes="$1" 'BEGIN { split("K M G", unit, " "); for (i = 0; bytes >= 1024 && i < 3; i++) bytes /= 1024
    text = sprintf("%.1f", bytes); sub(/\.0$/, "", text); print text unit[i] }'
  fi
}

# How a process ended: `code=exited, status=203/EXEC`. Of the names those are written that are no convention of init scripts.
format_exit() {
  local status=${state[ExitStatus]}
  case ${state[ExitCode]} in
    killed) echo "code=killed, signal=${state[ExitName]}" ;;
    *)
      if (( status < 2 || status >= 200 )); then echo "code=exited, status=$status/${state[ExitName]}"
      else echo "code=exited, status=$status"
      fi
      ;;
  esac
}

paint() {
  if [[ -n $colour ]]; then printf '\033[%sm%s\033[0m' "$1" "$2"; else printf %s "$2"; fi
}

show_status() {
  local unit=$1 colour='' dot='●' tint='0;1;32' title=$1
  [[ -t 1 || -n $paged ]] && colour=1
  case ${state[State]} in
    inactive) dot='○' tint=0 ;;
    failed) dot='×' tint='0;1;31' ;;
    auto-restart | deactivating) tint='0;1;33' ;;
  esac
  [[ $UNIT_LOAD_STATE == masked || $UNIT_DESCRIPTION == "$unit" ]] || title+=" - $UNIT_DESCRIPTION"
  echo "$(paint "$tint" "$dot") $title"
  show_loaded "$unit"
  show_active "$tint"
  [[ -z ${state[Invocation]-} ]] || echo " Invocation: ${state[Invocation]}"
  [[ -z $UNIT_DOCUMENTATION ]] || echo "       Docs: ${UNIT_DOCUMENTATION// /$'\n'             }"
  show_processes "$unit"
  ! is_managed "$unit" || (( lines == 0 )) || { echo; journalctl -u "$unit" -n "$lines" -q --no-pager; }
  [[ ${state[State]} == active ]] || return 3
}

show_loaded() {
  local unit=$1 reason
  reason=$(unit_reason)
  case $UNIT_LOAD_STATE in
    loaded) echo "     Loaded: loaded ($UNIT_FRAGMENT; $(enabled_state "$unit")$(is_managed "$unit" && echo '; preset: enabled'))" ;;
    *) echo "     Loaded: $UNIT_LOAD_STATE (Reason: ${reason%: Bad message})" ;;
  esac
  show_dropins
}

# By folder, those of one folder on one line.
show_dropins() {
  local drop folder='' names='' label='    Drop-In: '
  for drop in "${UNIT_DROPINS[@]}" /; do
    if [[ ${drop%/*} == "$folder" && $drop != / ]]; then
      names+=", ${drop##*/}"
      continue
    fi
    if [[ -n $folder ]]; then
      echo "$label$folder"
      echo "             └─$names"
      label='             '
    fi
    folder=${drop%/*} names=${drop##*/}
  done
}

show_active() {
  local since='' changed text
  changed=$(active_since)
  (( changed == 0 )) || since=" since $(format_time "$changed"); $(format_ago "$changed")"
  case ${state[State]} in
    failed) text="failed (Result: ${state[Result]})" ;;
    auto-restart) text='activating (auto-restart)' ;;
    *) text="$(active_state) ($(sub_state))" ;;
  esac
  text=$(paint "$1" "$text")
  [[ ${state[State]} != auto-restart ]] || text+=" (Result: ${state[Result]})"
  echo "     Active: $text$since"
  if [[ ${state[State]} == @(inactive|failed) ]] && (( state[StartedAt] && state[EndedAt] >= state[StartedAt] )); then
    echo "   Duration: $(format_span $((state[EndedAt] - state[StartedAt])))"
  fi
}

# What of the main process there is: its threads, its private memory and its time of the processor, or how it ended.
show_processes() {
  local unit=$1 pid=${state[MainPID]}
  local name threads memory cpu command
  if (( pid )) && read_process "$pid"; then
    echo "   Main PID: $pid ($name)"
    echo "      Tasks: $threads (limit: $(task_limit))"
    echo "     Memory: $(format_bytes "$memory")"
    echo "        CPU: $(format_span "$cpu")"
    echo "     CGroup: /system.slice/$unit"
    echo "             └─$pid $command"
  elif (( pid )); then
    echo "   Main PID: $pid"
  elif [[ -n ${state[ExitCode]} ]] && (( state[LastPID] )); then
    [[ -z $UNIT_EXEC_TEXT || $UNIT_LOAD_STATE != loaded || ${state[CommandRun]} != known ]] ||
      echo "    Process: ${state[LastPID]} ExecStart=$UNIT_EXEC_TEXT ($(format_exit))"
    echo "   Main PID: ${state[LastPID]} ($(format_exit))"
  fi
}

# Into the caller's variables, all of it or nothing: a process may end between two looks, and of one that is ending there is no
# memory and no command any more.
read_process() {
  {
    name=$(<"/proc/$1/comm")
    threads=$(awk '/^Threads/ { print $2 }' "/proc/$1/status")
    memory=$(private_bytes "$1")
    cpu=$(cpu_ms "$1")
    command=$(tr '\0' ' ' <"/proc/$1/cmdline" | sed 's/ *$//')
  } 2>/dev/null
  [[ -n $name && -n $threads && -n $memory && -n $cpu && -n $command ]]
}

private_bytes() { awk '/^RssAnon/ { print $2 * 1024 }' "/proc/$1/status"; }

# A processor's time is counted in hundredths of a second.
cpu_ms() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print ($12 + $13) * 10 }'; }

task_limit() {
  local limit
  limit=$(cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null | head -1)
  [[ $limit =~ ^[0-9]+$ ]] || limit=$(</proc/sys/kernel/threads-max)
  echo "$limit"
}

# In the order in which systemd prints them.
SHOWN=(Type Restart RestartUSec RestartUSecNext TimeoutStopUSec MainPID Result NRestarts
  ExecMainStartTimestamp ExecMainStartTimestampMonotonic ExecMainExitTimestamp ExecMainExitTimestampMonotonic
  ExecMainPID ExecMainCode ExecMainStatus ExecStart
  Slice ControlGroup MemoryCurrent CPUUsageNSec TasksCurrent Environment EnvironmentFiles WorkingDirectory User KillSignal Id Names
  Documentation Description LoadState ActiveState SubState FragmentPath DropInPaths UnitFileState UnitFilePreset
  StateChangeTimestamp StateChangeTimestampMonotonic InactiveExitTimestamp InactiveExitTimestampMonotonic
  ActiveEnterTimestamp ActiveEnterTimestampMonotonic ActiveExitTimestamp ActiveExitTimestampMonotonic
  InactiveEnterTimestamp InactiveEnterTimestampMonotonic CanStart CanStop CanReload RefuseManualStop NeedDaemonReload
  StartLimitIntervalUSec StartLimitBurst InvocationID)

# What is empty is shown to whoever asks for it by name.
show_properties() {
  local unit=$1 name line
  declare -A all=()
  if [[ $UNIT_LOAD_STATE == not-found ]]; then
    all=([Id]=$unit [LoadState]=not-found [ActiveState]=inactive [SubState]=dead [Names]=$unit [Description]=$unit
      [MainPID]=0 [ExecMainPID]=0 [ExecMainCode]=0 [ExecMainStatus]=0 [Result]=success [NRestarts]=0 [NeedDaemonReload]=no
      [FragmentPath]='' [UnitFileState]='' [CanStart]=no [CanStop]=yes [CanReload]=no)
    fill_timestamps
  else
    fill_properties "$unit"
  fi
  print_properties "${SHOWN[@]}"
}

# Of the caller's `all`, in the order of the arguments.
print_properties() {
  local name line
  for name in "$@"; do
    [[ -z $properties || ,$properties, == *,$name,* ]] && [[ -v all[$name] ]] || continue
    [[ -n ${all[$name]} || -n $properties || -n $all_units ]] || continue
    while IFS= read -r line; do
      if [[ -n $value_only ]]; then echo "$line"; else echo "$name=$line"; fi
    done <<<"${all[$name]}"
  done
}

# Into the caller's `all`.
fill_properties() {
  local unit=$1 pid=${state[MainPID]} file files='' code=0
  [[ ${state[ExitCode]} != exited ]] || code=1
  [[ ${state[ExitCode]} != killed ]] || code=2
  for file in "${UNIT_ENVIRONMENT_FILES[@]}"; do
    files+="${files:+$'\n'}${file#-} (ignore_errors=$([[ $file == -* ]] && echo yes || echo no))"
  done
  all=(
    [Type]=$UNIT_TYPE [Restart]=$UNIT_RESTART [RestartUSec]=$(format_span "$UNIT_RESTART_MS")
    [RestartUSecNext]=$(format_span "$UNIT_RESTART_MS") [TimeoutStopUSec]=$(format_span "$UNIT_STOP_MS")
    [MainPID]=$pid [Result]=${state[Result]} [NRestarts]=${state[Restarts]}
    [ExecMainPID]=${state[LastPID]} [ExecMainCode]=$code [ExecMainStatus]=${state[ExitStatus]} [ExecStart]=$(describe_command)
    [Slice]=system.slice [ControlGroup]= [MemoryCurrent]='[not set]' [CPUUsageNSec]='[not set]' [TasksCurrent]='[not set]'
    [Environment]=${UNIT_ENVIRONMENT[*]-} [WorkingDirectory]=$UNIT_WORKING_DIRECTORY
    [KillSignal]=$(kill -l "$UNIT_KILL_SIGNAL") [User]=$UNIT_USER [Id]=$unit [Names]=$unit [Documentation]=$UNIT_DOCUMENTATION
    [Description]=$UNIT_DESCRIPTION [LoadState]=$UNIT_LOAD_STATE [ActiveState]=$(active_state) [SubState]=$(sub_state)
    [FragmentPath]=$UNIT_FRAGMENT [DropInPaths]=${UNIT_DROPINS[*]} [UnitFileState]=$(enabled_state "$unit")
    [UnitFilePreset]=enabled [NeedDaemonReload]=$(changed_on_disk "$unit" && echo yes || echo no)
    [StartLimitIntervalUSec]=$(format_limit_interval) [StartLimitBurst]=$UNIT_START_LIMIT_BURST
    [CanStart]=yes [CanStop]=yes [CanReload]=no [RefuseManualStop]=${UNIT_REFUSES_REQUESTS:-no} [InvocationID]=${state[Invocation]-}
  )
  [[ -z $files ]] || all[EnvironmentFiles]=$files
  fill_timestamps
  local name threads memory cpu command
  (( pid )) || return 0
  all[ControlGroup]=/system.slice/$unit
  read_process "$pid" || return 0
  all[MemoryCurrent]=$memory
  all[CPUUsageNSec]=$((cpu * 1000000))
  all[TasksCurrent]=$threads
}

# Into the caller's `all`: each time as a date, and in microseconds since the machine was started.
fill_timestamps() {
  local pair name ms uptime booted now
  read -r uptime _ </proc/uptime
  now=$(date +%s%3N)
  booted=$((now - ${uptime/./} * 10))
  for pair in ExecMainStart:StartedAt ExecMainExit:EndedAt StateChange:ChangedAt InactiveExit:InactiveExitAt \
    ActiveEnter:ActiveEnterAt ActiveExit:ActiveExitAt InactiveEnter:InactiveEnterAt; do
    name=${pair%:*}Timestamp ms=${state[${pair#*:}]}
    all[$name]='' all[${name}Monotonic]=0
    (( ms == 0 )) || all[$name]=$(format_time "$ms") all[${name}Monotonic]=$(((ms - booted) * 1000))
  done
}

# The unit's command, with its latest run where that is known since the command was loaded.
describe_command() {
  local run='start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0' stopped=n/a
  [[ -n $UNIT_EXEC_TEXT ]] || return 0
  if (( state[LastPID] )) && [[ ${state[CommandRun]} == known ]]; then
    (( state[EndedAt] == 0 )) || stopped=$(format_time "${state[EndedAt]}")
    run="start_time=[$(format_time "${state[StartedAt]}")] ; stop_time=[$stopped] ; pid=${state[LastPID]} ; "
    case ${state[ExitCode]} in
      exited) run+="code=exited ; status=${state[ExitStatus]}" ;;
      killed) run+="code=killed ; status=${state[ExitStatus]}/${state[ExitName]}" ;;
      *) run+='code=(null) ; status=0/0' ;;
    esac
  fi
  echo "{ path=${UNIT_EXEC_TEXT%% *} ; argv[]=$UNIT_EXEC_TEXT ; ignore_errors=no ; $run }"
}

format_limit_interval() { if (( UNIT_START_LIMIT_MS )); then format_span "$UNIT_START_LIMIT_MS"; else echo 0; fi; }

# Counts the units into the caller's `count` and `failed`.
count_units() {
  local unit
  count=0 failed=0
  for unit in $(list_unit_names); do
    read_unit "$unit"
    (( ++count ))
    [[ ${state[State]} != failed ]] || (( ++failed ))
  done
}

# Milliseconds since the epoch at which init was started.
booted_at() { echo "$(($(stat -c %Y "$RUN/boot-id" 2>/dev/null || echo 0) * 1000))"; }

manager_state() { if (( failed )); then echo degraded; else echo running; fi; }

# `systemctl show` without a unit.
show_manager() {
  local count failed
  declare -A all=()
  count_units
  all=([UserspaceTimestamp]=$(format_time "$(booted_at)") [NNames]=$count [NFailedUnits]=$failed [NJobs]=0
    [UnitPath]=${UNIT_DIRS[*]} [SystemState]=$(manager_state))
  print_properties UserspaceTimestamp NNames NFailedUnits NJobs UnitPath SystemState
}

# `systemctl status` without a unit.
show_manager_status() {
  local count failed colour='' tint='0;1;32' since unit running=() branch bar
  [[ -t 1 || -n $paged ]] && colour=1
  count_units
  (( failed == 0 )) || tint='0;1;31'
  since=$(booted_at)
  echo "$(paint "$tint" '●') $HOSTNAME"
  echo "    State: $(paint "$tint" "$(manager_state)")"
  echo "    Units: $count loaded (incl. loaded aliases)"
  echo '     Jobs: 0 queued'
  echo "   Failed: $failed units"
  echo "    Since: $(format_time "$since"); $(format_ago "$since")"
  echo '   CGroup: /'
  echo '           ├─init.scope'
  echo "           │ └─1 $(tr '\0' ' ' </proc/1/cmdline | sed 's/ *$//')"
  echo '           └─system.slice'
  for unit in $(list_unit_names); do
    read_unit "$unit"
    (( state[MainPID] == 0 )) || running+=("$unit ${state[MainPID]}")
  done
  for unit in "${running[@]}"; do
    branch=├─ bar='│ '
    [[ $unit != "${running[-1]}" ]] || branch=└─ bar='  '
    echo "             $branch${unit% *}"
    echo "             $bar└─${unit#* } $(tr '\0' ' ' <"/proc/${unit#* }/cmdline" 2>/dev/null | sed 's/ *$//')"
  done
}

# Columns as wide as what stands in them; the last one ends where it ends. The mark in front of a unit counts as one character,
# which it is not for an awk that knows bytes only.
print_columns() { sed 's/^●/!/' | awk -F '\t' '
  { rows = NR; columns = NF; for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
  END { for (row = 1; row <= rows; row++) { text = ""
    for (i = 1; i < columns; i++) text = text sprintf("%-" width[i] "s ", cell[row, i])
    print text cell[row, columns] } }' | sed 's/^!/●/'; }

list_units() {
  local unit rows='' count=0 mark header
  for unit in $(list_unit_names); do
    matches "$unit" || continue
    read_unit "$unit"
    [[ -n $all_units$states || ${state[State]} != inactive ]] || continue
    [[ -z $states || ,$states, == *,$(active_state),* || ,$states, == *,$(sub_state),* ]] || continue
    mark=' '
    [[ ${state[State]} == failed || $UNIT_LOAD_STATE != loaded ]] && mark='●'
    [[ -z $plain ]] || mark=''
    rows+="$mark${mark:+ }$unit"$'\t'"$UNIT_LOAD_STATE"$'\t'"$(active_state)"$'\t'"$(sub_state)"$'\t'"$UNIT_DESCRIPTION"$'\n'
    (( ++count ))
  done
  header="  UNIT"$'\t'LOAD$'\t'ACTIVE$'\t'SUB$'\t'DESCRIPTION$'\n'
  [[ -z $plain ]] || header=${header#  }
  if [[ $legend == no ]]; then
    printf %s "$rows" | print_columns
    return
  fi
  printf '%s%s' "$header" "$rows" | print_columns
  echo
  (( count == 0 )) || cat <<END
Legend: LOAD   → Reflects whether the unit definition was properly loaded.
        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.
        SUB    → The low-level unit activation state, values depend on unit type.

END
  local hint=''
  [[ -n $states || -n $all_units ]] || hint=' Pass --all to see loaded but inactive units, too.'
  echo "$count loaded units listed.$hint"
  [[ -n $states && -z $all_units ]] || echo "To show all installed unit files use 'systemctl list-unit-files'."
}

list_unit_files() {
  local unit rows='' count=0 preset
  for unit in $(list_unit_names); do
    matches "$unit" || continue
    preset=enabled
    is_managed "$unit" || preset=-
    rows+="$unit"$'\t'"$(enabled_state "$unit")"$'\t'"$preset"$'\n'
    (( ++count ))
  done
  if [[ $legend == no ]]; then
    printf %s "$rows" | print_columns
  else
    printf '%s%s' $'UNIT FILE\tSTATE\tPRESET\n' "$rows" | print_columns
    printf '\n%s unit files listed.\n' "$count"
  fi
}
