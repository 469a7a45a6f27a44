# Reads a service's unit file and its drop-ins by systemd's rules, as far as a kubelet's unit uses them. Sourced by init and
# systemctl. UNIT_ROOT is put before every path (tests).
#
#   unit_load NAME     fills the UNIT_* variables below; 1 when it cannot be started, with the reason in UNIT_ERROR
#   unit_command       expands ExecStart into the array UNIT_ARGV, with UNIT_ENV (array of NAME=VALUE) from the unit
#   unit_stamp NAME    prints what changes when a file of the unit changes on disk

UNIT_ROOT=${UNIT_ROOT-}
UNIT_DIRS=(/etc/systemd/system /run/systemd/system /usr/lib/systemd/system)

# The fragment (UNIT_FRAGMENT) and the drop-ins in the order in which they apply (UNIT_DROPINS): sorted by file name over all
# folders, and of two with the same name that of the earlier folder.
unit_find() {
  local name=$1 dir file base bases
  local -A dropins=()
  UNIT_FRAGMENT='' UNIT_DROPINS=()
  for dir in "${UNIT_DIRS[@]}"; do
    if [[ -z $UNIT_FRAGMENT && ( -e $UNIT_ROOT$dir/$name || -L $UNIT_ROOT$dir/$name ) ]]; then
      UNIT_FRAGMENT=$dir/$name
    fi
    for file in "$UNIT_ROOT$dir/$name.d/"*.conf; do
      base=${file##*/}
      [[ -e $file && -z ${dropins[$base]-} ]] && dropins[$base]=$dir/$name.d/$base
    done
  done
  (( ${#dropins[@]} )) || return 0
  local LC_ALL=C
  bases=("${!dropins[@]}")
  unit_sort bases
  for base in "${bases[@]}"; do UNIT_DROPINS+=("${dropins[$base]}"); done
}

# Sorts an array by name, without a process.
unit_sort() {
  local -n list=$1
  local i j item
  for (( i = 1; i < ${#list[@]}; i++ )); do
    item=${list[i]}
    for (( j = i; j > 0; j-- )); do
      [[ ${list[j - 1]} > $item ]] || break
      list[j]=${list[j - 1]}
    done
    list[j]=$item
  done
}

unit_load() {
  local name=$1 file
  UNIT_NAME=$name UNIT_ERROR='' UNIT_WARNINGS=()
  UNIT_DESCRIPTION=$name UNIT_DOCUMENTATION='' UNIT_TYPE=simple UNIT_WANTED_BY=()
  UNIT_EXEC_START=() UNIT_ENVIRONMENT=() UNIT_ENVIRONMENT_FILES=() UNIT_WORKING_DIRECTORY=/
  UNIT_RESTART=no UNIT_RESTART_MS=100 UNIT_STOP_MS=90000 UNIT_KILL_SIGNAL=TERM
  UNIT_START_LIMIT_MS=10000 UNIT_START_LIMIT_BURST=5
  unit_find "$name"
  if [[ -z $UNIT_FRAGMENT ]]; then
    UNIT_ERROR="Unit $name not found."
    return 1
  fi
  if [[ $(readlink -f "$UNIT_ROOT$UNIT_FRAGMENT") == /dev/null ]]; then
    UNIT_ERROR="Unit $name is masked."
    return 1
  fi
  for file in "$UNIT_FRAGMENT" "${UNIT_DROPINS[@]}"; do unit_read "$file" || return 1; done
  if (( ${#UNIT_EXEC_START[@]} == 0 )); then
    UNIT_ERROR="$name: Service has no ExecStart= setting. Refusing."
    return 1
  fi
  if (( ${#UNIT_EXEC_START[@]} > 1 )); then
    UNIT_ERROR="$name: Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing."
    return 1
  fi
}

# Applies one file. A backslash at the end of a line joins it to the next one; an empty value resets a list.
unit_read() {
  local path=$1 line='' more section='' number=0 start
  if [[ ! -r $UNIT_ROOT$path || -d $UNIT_ROOT$path ]]; then
    UNIT_ERROR="Failed to read $path."
    return 1
  fi
  while IFS= read -r line || [[ -n $line ]]; do
    (( ++number )); start=$number
    line=${line%$'\r'}
    line=${line#"${line%%[![:space:]]*}"}
    [[ -z $line || $line == [#\;]* ]] && continue
    while [[ $line == *\\ ]] && { IFS= read -r more || [[ -n $more ]]; }; do
      (( ++number ))
      more=${more%$'\r'}
      # Comments may stand between continued lines.
      [[ ${more#"${more%%[![:space:]]*}"} == [#\;]* ]] && continue
      line="${line%\\} $more"
    done
    line=${line%"${line##*[![:space:]]}"}
    if [[ $line == \[*\] ]]; then
      section=${line:1:-1}
    elif [[ $line == *=* ]]; then
      unit_set "$section" "${line%%=*}" "${line#*=}" "$path:$start"
    else
      UNIT_WARNINGS+=("$path:$start: Missing '=', ignoring line.")
    fi
  done <"$UNIT_ROOT$path"
}

unit_set() {
  local section=$1 key=$2 value=$3 where=$4
  key=${key%"${key##*[![:space:]]}"}
  value=${value#"${value%%[![:space:]]*}"}
  case $section.$key in
    Unit.Description) UNIT_DESCRIPTION=$value ;;
    Unit.Documentation) UNIT_DOCUMENTATION=$value ;;
    Unit.StartLimitIntervalSec | Service.StartLimitInterval) unit_time UNIT_START_LIMIT_MS "$value" "$where" ;;
    Unit.StartLimitBurst | Service.StartLimitBurst) unit_number UNIT_START_LIMIT_BURST "$value" "$where" ;;
    Service.Type) UNIT_TYPE=$value ;;
    Service.ExecStart) unit_append UNIT_EXEC_START "$value" ;;
    Service.Environment) unit_append UNIT_ENVIRONMENT "$value" ;;
    Service.EnvironmentFile) unit_append UNIT_ENVIRONMENT_FILES "$value" ;;
    Service.WorkingDirectory) UNIT_WORKING_DIRECTORY=${value#-} ;;
    Service.Restart) unit_restart "$value" "$where" ;;
    Service.RestartSec) unit_time UNIT_RESTART_MS "$value" "$where" ;;
    Service.TimeoutStopSec | Service.TimeoutSec) unit_time UNIT_STOP_MS "$value" "$where" ;;
    Service.KillSignal) UNIT_KILL_SIGNAL=${value#SIG} ;;
    Install.WantedBy) read -ra UNIT_WANTED_BY <<<"$value" ;;
    Unit.* | Service.* | Install.*) ;; # of no effect on a node: ordering, cgroups, sandboxing
    .*) UNIT_WARNINGS+=("$where: Assignment outside of section. Ignoring.") ;;
    *) UNIT_WARNINGS+=("$where: Unknown section '$section'. Ignoring.") ;;
  esac
}

unit_append() {
  local -n list=$1
  if [[ -z $2 ]]; then list=(); else list+=("$2"); fi
}

unit_restart() {
  case $1 in
    no | always | on-success | on-failure | on-abnormal | on-abort | on-watchdog) UNIT_RESTART=$1 ;;
    *) UNIT_WARNINGS+=("$2: Failed to parse service restart specifier, ignoring: $1") ;;
  esac
}

unit_number() {
  if [[ $2 =~ ^[0-9]{1,9}$ ]]; then printf -v "$1" %s "$2"; else UNIT_WARNINGS+=("$3: Failed to parse value, ignoring: $2"); fi
}

# `10`, `10s`, `500ms`, `1min 30s`, `infinity` into milliseconds.
unit_time() {
  local text=$2 total=0 part
  if [[ $text == infinity ]]; then
    printf -v "$1" %s 999999999999
    return
  fi
  [[ $text =~ ^[0-9]+$ ]] && text+=s
  text=${text// /}
  while [[ $text =~ ^([0-9]{1,9})(ms|msec|seconds|second|sec|s|minutes|minute|min|m|hours|hour|hr|h)(.*)$ ]]; do
    part=${BASH_REMATCH[1]}
    case ${BASH_REMATCH[2]} in
      ms*) (( total += part )) ;;
      s*) (( total += part * 1000 )) ;;
      m*) (( total += part * 60000 )) ;;
      h*) (( total += part * 3600000 )) ;;
    esac
    text=${BASH_REMATCH[3]}
    [[ -z $text ]] && break
  done
  if [[ -n $text ]]; then
    UNIT_WARNINGS+=("$3: Failed to parse time value, ignoring: $2")
  else
    printf -v "$1" %s "$total"
  fi
}

# Splits a text into UNIT_WORDS by systemd's quoting: '…', "…", backslashes.
unit_split() {
  local text=$1 word='' quote='' begun='' i char
  UNIT_WORDS=()
  for (( i = 0; i < ${#text}; i++ )); do
    char=${text:i:1}
    if [[ $char == \\ && $quote != \' ]]; then
      (( ++i ))
      word+=${text:i:1} begun=1
    elif [[ -n $quote ]]; then
      if [[ $char == "$quote" ]]; then quote=''; else word+=$char; fi
    elif [[ $char == [\'\"] ]]; then
      quote=$char begun=1
    elif [[ $char == [[:space:]] ]]; then
      [[ -n $begun ]] && UNIT_WORDS+=("$word")
      word='' begun=''
    else
      word+=$char begun=1
    fi
  done
  [[ -n $begun ]] && UNIT_WORDS+=("$word")
  [[ -z $quote ]]
}

unit_command() {
  local text file optional pair name
  local -A variables=()
  UNIT_ENV=() UNIT_ARGV=()
  for text in "${UNIT_ENVIRONMENT[@]}"; do
    unit_split "$text" || UNIT_WARNINGS+=("Invalid quoting in Environment=, ignoring the rest: $text")
    for pair in "${UNIT_WORDS[@]}"; do [[ $pair == *=* ]] && variables[${pair%%=*}]=${pair#*=}; done
  done
  for file in "${UNIT_ENVIRONMENT_FILES[@]}"; do
    optional=''
    [[ $file == -* ]] && optional=1 file=${file#-}
    if [[ -r $UNIT_ROOT$file ]]; then
      unit_environment_file "$file"
    elif [[ -z $optional ]]; then
      UNIT_ERROR="Failed to load environment files: No such file or directory: $file"
      return 1
    fi
  done
  for name in "${!variables[@]}"; do UNIT_ENV+=("$name=${variables[$name]}"); done
  unit_expand "${UNIT_EXEC_START[0]#[-:+!@]}"
}

# NAME=VALUE lines; quotes as in a shell, without expansion. Adds to the caller's `variables`.
unit_environment_file() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    line=${line#"${line%%[![:space:]]*}"}
    [[ $line == [#\;]* || $line != *=* ]] && continue
    unit_split "${line#*=}"
    variables[${line%%=*}]=${UNIT_WORDS[*]-}
  done <"$UNIT_ROOT$1"
}

# `$NAME` as a word of its own becomes words, `${NAME}` anywhere becomes text; `$$` is a dollar, `%%` a percent sign.
unit_expand() {
  local word words name
  if ! unit_split "$1"; then
    UNIT_ERROR="$UNIT_NAME: Unbalanced quoting in ExecStart=: $1"
    return 1
  fi
  words=("${UNIT_WORDS[@]}")
  for word in "${words[@]}"; do
    word=${word//%%/%}
    if [[ $word =~ ^\$([A-Za-z_][A-Za-z0-9_]*)$ ]]; then
      unit_split "${variables[${BASH_REMATCH[1]}]-}"
      UNIT_ARGV+=("${UNIT_WORDS[@]}")
      continue
    fi
    while [[ $word =~ (.*)\$\{([A-Za-z_][A-Za-z0-9_]*)\}(.*) ]]; do
      name=${BASH_REMATCH[2]}
      word=${BASH_REMATCH[1]}${variables[$name]-}${BASH_REMATCH[3]}
    done
    UNIT_ARGV+=("${word//\$\$/\$}")
  done
  if [[ ${UNIT_ARGV[0]-} != /* ]]; then
    UNIT_ERROR="$UNIT_NAME: ExecStart= has no absolute path: ${UNIT_EXEC_START[0]}"
    return 1
  fi
}

unit_stamp() {
  unit_find "$1"
  local files=("${UNIT_DROPINS[@]/#/$UNIT_ROOT}")
  stat -L -c '%n %Y %s %i' "$UNIT_ROOT$UNIT_FRAGMENT" "${files[@]}" 2>/dev/null
}
