# Reads a service's unit file and its drop-ins by systemd's rules and with its words, as far as a kubelet's unit uses them.
# Sourced by init and systemctl. UNIT_ROOT is put before every path (tests).
#
#   unit_load NAME     fills the UNIT_* variables below; 1 when it cannot be started
#   unit_reason        prints why: "Unit NAME is masked."
#   unit_command       expands ExecStart into the array UNIT_ARGV, with UNIT_ENV (array of NAME=VALUE) from the unit
#   unit_stamp NAME    prints what changes when a file of the unit changes on disk
#
# UNIT_LOAD_STATE is loaded, not-found, masked, bad-setting or error; UNIT_MESSAGES has a line for each thing that is wrong,
# with the priority of the journal before it.

# Patterns such as @(a|b) are used below.
shopt -s extglob

UNIT_ROOT=${UNIT_ROOT-}
UNIT_DIRS=(/etc/systemd/system /run/systemd/system /usr/lib/systemd/system)
UNIT_VARIABLES=(UNIT_NAME UNIT_LOAD_STATE UNIT_FRAGMENT UNIT_DROPINS UNIT_DESCRIPTION UNIT_DOCUMENTATION UNIT_TYPE UNIT_WANTED_BY
  UNIT_EXEC_START UNIT_EXEC_TEXT UNIT_ENVIRONMENT UNIT_ENVIRONMENT_FILES UNIT_WORKING_DIRECTORY UNIT_USER UNIT_RESTART
  UNIT_RESTART_MS UNIT_STOP_MS UNIT_KILL_SIGNAL UNIT_START_LIMIT_MS UNIT_START_LIMIT_BURST UNIT_REFUSES_REQUESTS)

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

# Whether the file is a link to /dev/null, or empty, which counts the same.
unit_is_masked() {
  [[ ! -s $UNIT_ROOT$1 && -e $UNIT_ROOT$1 || $(readlink -f "$UNIT_ROOT$1") == /dev/null ]]
}

unit_load() {
  local name=$1 file
  UNIT_NAME=$name UNIT_LOAD_STATE=loaded UNIT_MESSAGES=() UNIT_IS_FATAL=''
  UNIT_DESCRIPTION=$name UNIT_DOCUMENTATION='' UNIT_TYPE=simple UNIT_WANTED_BY=()
  UNIT_EXEC_START=() UNIT_EXEC_TEXT='' UNIT_ENVIRONMENT=() UNIT_ENVIRONMENT_FILES=() UNIT_WORKING_DIRECTORY=/ UNIT_USER=''
  UNIT_RESTART=no UNIT_RESTART_MS=100 UNIT_STOP_MS=90000 UNIT_KILL_SIGNAL=TERM
  UNIT_START_LIMIT_MS=10000 UNIT_START_LIMIT_BURST=5 UNIT_REFUSES_REQUESTS=no
  unit_find "$name"
  if [[ -z $UNIT_FRAGMENT ]]; then
    UNIT_LOAD_STATE=not-found
  elif unit_is_masked "$UNIT_FRAGMENT"; then
    UNIT_LOAD_STATE=masked UNIT_DROPINS=()
  else
    for file in "$UNIT_FRAGMENT" "${UNIT_DROPINS[@]}"; do unit_read "$file" || UNIT_LOAD_STATE=error; done
    [[ $UNIT_LOAD_STATE == error ]] || unit_verify
  fi
  [[ $UNIT_LOAD_STATE == loaded ]]
}

# What systemd refuses when all files have been read.
unit_verify() {
  if [[ -n $UNIT_IS_FATAL ]]; then
    unit_refuse 'Unit configuration has fatal error, unit will not be started.'
  elif (( ${#UNIT_EXEC_START[@]} == 0 )); then
    unit_refuse 'Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.'
  elif [[ $UNIT_TYPE == oneshot ]]; then
    [[ $UNIT_RESTART != always && $UNIT_RESTART != on-success ]] ||
      unit_refuse "Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing."
  elif (( ${#UNIT_EXEC_START[@]} > 1 )); then
    unit_refuse 'Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.'
  fi
  [[ $UNIT_LOAD_STATE != loaded || $UNIT_TYPE == @(simple|exec|idle) ]] || UNIT_MESSAGES+=("5 $UNIT_NAME: Type=$UNIT_TYPE is taken as Type=simple on this node.")
}

unit_refuse() {
  UNIT_LOAD_STATE=bad-setting
  UNIT_MESSAGES+=("3 $UNIT_NAME: $1")
}

unit_reason() {
  case $UNIT_LOAD_STATE in
    not-found) echo "Unit $UNIT_NAME not found." ;;
    masked) echo "Unit $UNIT_NAME is masked." ;;
    bad-setting) echo "Unit $UNIT_NAME has a bad unit file setting." ;;
    error) echo "Unit $UNIT_NAME failed to load properly, please adjust/correct and reload service manager: Bad message" ;;
  esac
}

unit_warn() {
  UNIT_MESSAGES+=("4 $1: $2")
}

# Applies one file. A backslash at the end of a line joins it to the next one; an empty value resets a list.
unit_read() {
  local path=$1 line='' more section='' number=0 start
  if [[ ! -r $UNIT_ROOT$path || -d $UNIT_ROOT$path ]]; then
    UNIT_MESSAGES+=("3 $UNIT_NAME: Failed to read $path.")
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
      [[ $section == Unit || $section == Service || $section == Install || $section == X-* ]] ||
        unit_warn "$path:$start" "Unknown section '$section'. Ignoring."
    elif [[ $line == \[* ]]; then
      unit_warn "$path:$start" "Invalid section header '$line'"
      return 1
    elif [[ -z $section ]]; then
      unit_warn "$path:$start" 'Assignment outside of section. Ignoring.'
    elif [[ $line == *=* ]]; then
      unit_set "$section" "${line%%=*}" "${line#*=}" "$path:$start"
    else
      unit_warn "$path:$start" "Missing '=', ignoring line."
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
    Unit.StartLimitIntervalSec | *.StartLimitInterval) unit_time "$key" UNIT_START_LIMIT_MS "$value" "$where" ;;
    *.StartLimitBurst) unit_number "$key" UNIT_START_LIMIT_BURST "$value" "$where" ;;
    Unit.RefuseManualStart | Unit.RefuseManualStop) UNIT_REFUSES_REQUESTS=$value ;;
    Service.Type) unit_choose "$key" UNIT_TYPE "$value" "$where" simple exec forking oneshot dbus notify notify-reload idle ;;
    Service.ExecStart) unit_exec_start "$value" "$where" ;;
    Service.Environment) unit_environment "$value" "$where" ;;
    Service.EnvironmentFile)
      if [[ -z $value || ${value#-} == /* ]]; then unit_append UNIT_ENVIRONMENT_FILES "$value"
      else unit_warn "$where" "EnvironmentFile= path is not absolute, ignoring: $value"
      fi
      ;;
    Service.WorkingDirectory) unit_working_directory "$value" "$where" ;;
    Service.User) UNIT_USER=$value ;;
    Service.Restart)
      unit_choose "$key" UNIT_RESTART "$value" "$where" no always on-success on-failure on-abnormal on-abort on-watchdog
      ;;
    Service.RestartSec) unit_time "$key" UNIT_RESTART_MS "$value" "$where" ;;
    Service.TimeoutStopSec | Service.TimeoutSec) unit_time "$key" UNIT_STOP_MS "$value" "$where" ;;
    Service.KillSignal)
      if kill -l "${value#SIG}" &>/dev/null; then UNIT_KILL_SIGNAL=${value#SIG}; else unit_ignore "$key" "$value" "$where"; fi
      ;;
    Service.Exec@(Condition|StartPre|StartPost|Reload|Stop|StopPost))
      unit_warn "$where" "$key= has no effect on this node, ignoring."
      ;;
    Install.WantedBy) [[ -n $value ]] && read -ra UNIT_WANTED_BY <<<"$value" ;;
    X-*) ;;
    @(Unit|Service|Install).*)
      unit_knows "$section" "$key" || unit_warn "$where" "Unknown key '$key' in section [$section], ignoring."
      ;;
  esac
}

# Whether systemd has such a key in that section; most have no effect on a node: ordering, cgroups, sandboxing.
unit_knows() {
  local line section='' word
  while read -r line; do
    [[ $line == \#* ]] && continue
    [[ $line == \[* ]] && section=${line%%]*} section=${section#[}
    [[ $section == "$1" && " ${line#*]} " == *" $2 "* ]] && return
  done <"${UNIT_KEYS_FILE:-/usr/lib/node-lab/unit-keys}"
  return 1
}

unit_append() {
  local -n list=$1
  if [[ -z $2 ]]; then list=(); else list+=("$2"); fi
}

unit_ignore() {
  unit_warn "$3" "Failed to parse $1=$2, ignoring: Invalid argument"
}

# KEY VARIABLE VALUE WHERE CHOICES...
unit_choose() {
  local choice
  for choice in "${@:5}"; do
    if [[ $3 == "$choice" ]]; then
      printf -v "$2" %s "$3"
      return
    fi
  done
  unit_ignore "$1" "$3" "$4"
}

unit_number() {
  if [[ $3 =~ ^[0-9]{1,9}$ ]]; then printf -v "$2" %d "$((10#$3))"; else unit_ignore "$1" "$3" "$4"; fi
}

# `10`, `10s`, `500ms`, `1min 30s`, `infinity` into milliseconds: KEY VARIABLE VALUE WHERE.
unit_time() {
  local text=$3 total=0 part
  if [[ $text == infinity ]]; then
    printf -v "$2" %s 999999999999
    return
  fi
  [[ $text =~ ^[0-9]+$ ]] && text+=s
  text=${text// /}
  while [[ $text =~ ^([0-9]{1,9})(ms|msec|seconds|second|sec|s|minutes|minute|min|m|hours|hour|hr|h)(.*)$ ]]; do
    # By tens, also with zeros in front of it.
    part=$((10#${BASH_REMATCH[1]}))
    case ${BASH_REMATCH[2]} in
      ms*) (( total += part )) ;;
      s*) (( total += part * 1000 )) ;;
      m*) (( total += part * 60000 )) ;;
      h*) (( total += part * 3600000 )) ;;
    esac
    text=${BASH_REMATCH[3]}
    [[ -z $text ]] && break
  done
  if [[ -n $text ]]; then unit_ignore "$1" "$3" "$4"; else printf -v "$2" %s "$total"; fi
}

unit_exec_start() {
  local value=$1 where=$2 program
  if [[ -z $value ]]; then
    UNIT_EXEC_START=()
    return
  fi
  if ! unit_split "$value" "$where"; then
    unit_warn "$where" "Unbalanced quoting, ignoring: \"$value\""
    # A line whose very first word has no end is passed over; in all others something is missing that was meant.
    (( ${#UNIT_WORDS[@]} == 0 )) || UNIT_IS_FATAL=1
    return
  fi
  if [[ ${value//%%/} =~ %([^nNpPiIjJHhluUgGsStTCLEdDfabBmMovVwWAyYq]|$) ]]; then
    unit_warn "$where" "Failed to resolve unit specifiers in '${BASH_REMATCH[0]}': Invalid slot"
    UNIT_IS_FATAL=1
    return
  fi
  program=${UNIT_WORDS[0]##*([-@:+!|])}
  if [[ $program != /* && $program == */* || -z $program ]]; then
    unit_warn "$where" "Neither a valid executable name nor an absolute path: $program"
    UNIT_IS_FATAL=1
    return
  fi
  UNIT_EXEC_START+=("$value")
  UNIT_EXEC_TEXT=$program
  (( ${#UNIT_WORDS[@]} == 1 )) || UNIT_EXEC_TEXT+=" ${UNIT_WORDS[*]:1}"
}

unit_environment() {
  local value=$1 where=$2 word
  if ! unit_split "$value" "$where"; then
    unit_warn "$where" "Invalid syntax, ignoring: $value"
    return
  fi
  [[ -n $value ]] || UNIT_ENVIRONMENT=()
  for word in "${UNIT_WORDS[@]}"; do
    if [[ $word =~ ^[A-Za-z_][A-Za-z0-9_]*= ]]; then UNIT_ENVIRONMENT+=("$word")
    else unit_warn "$where" "Invalid environment assignment, ignoring: $word"
    fi
  done
}

unit_working_directory() {
  local value=$1 where=$2
  case ${value#-} in
    '') UNIT_WORKING_DIRECTORY=/ ;;
    '~') UNIT_WORKING_DIRECTORY=${value/\~//root} ;;
    /*) UNIT_WORKING_DIRECTORY=$value ;;
    *)
      unit_warn "$where" "WorkingDirectory= path is not absolute: $value"
      [[ $value == -* ]] || UNIT_IS_FATAL=1
      ;;
  esac
}

# Splits a text into UNIT_WORDS by systemd's quoting: '…', "…", backslashes. 1 when a quote has no end. Told where the text
# stands, it warns about backslashes that mean nothing.
unit_split() {
  local text=$1 where=${2-} word='' quote='' begun='' i char unknown=''
  UNIT_WORDS=()
  for (( i = 0; i < ${#text}; i++ )); do
    char=${text:i:1}
    if [[ $char == \\ ]]; then
      begun=1
      unit_unescape "${text:i + 1}"
      word+=$UNESCAPED
      (( i += ESCAPE_LENGTH ))
    elif [[ -n $quote ]]; then
      if [[ $char == "$quote" ]]; then quote=''; else word+=$char; fi
    elif [[ $char == [\'\"] ]]; then
      quote=$char begun=1
    elif [[ $char == [[:space:]] ]]; then
      unit_end_word
    else
      word+=$char begun=1
    fi
  done
  [[ -n $quote ]] || unit_end_word
  [[ -z $quote ]]
}

unit_end_word() {
  [[ -n $begun ]] && UNIT_WORDS+=("$word")
  [[ -n $unknown && -n $where ]] && unit_warn "$where" "Ignoring unknown escape sequences: \"$word\""
  word='' begun='' unknown=''
}

# What a backslash before this text means (UNESCAPED), and how much of the text belongs to it (ESCAPE_LENGTH).
unit_unescape() {
  local after=$1
  ESCAPE_LENGTH=1
  case $after in
    [abfnrtv]*) printf -v UNESCAPED "\\${after:0:1}" ;;
    s*) UNESCAPED=' ' ;;
    [\\\"\'\ ]*) UNESCAPED=${after:0:1} ;;
    x[0-9a-fA-F][0-9a-fA-F]*) printf -v UNESCAPED "\\${after:0:3}"; ESCAPE_LENGTH=3 ;;
    [0-7][0-7][0-7]*) printf -v UNESCAPED "\\${after:0:3}"; ESCAPE_LENGTH=3 ;;
    *) UNESCAPED=\\ ESCAPE_LENGTH=0 unknown=1 ;;
  esac
}

# 1 when a file of EnvironmentFile= is missing.
unit_command() {
  local file optional pair name
  local -A variables=()
  UNIT_ENV=() UNIT_ARGV=()
  for pair in "${UNIT_ENVIRONMENT[@]}"; do variables[${pair%%=*}]=${pair#*=}; done
  for file in "${UNIT_ENVIRONMENT_FILES[@]}"; do
    optional=''
    [[ $file == -* ]] && optional=1 file=${file#-}
    if [[ -r $UNIT_ROOT$file ]]; then
      unit_environment_file "$file"
    elif [[ -z $optional ]]; then
      return 1
    fi
  done
  for name in "${!variables[@]}"; do UNIT_ENV+=("$name=${variables[$name]}"); done
  unit_expand "${UNIT_EXEC_START[0]##*([-@:+!|])}"
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
  unit_split "$1"
  words=("${UNIT_WORDS[@]}")
  for word in "${words[@]}"; do
    word=${word//%n/$UNIT_NAME}
    word=${word//%[NpP]/${UNIT_NAME%.*}}
    word=${word//%[Hlq]/$HOSTNAME}
    word=${word//%h/\/root}
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
}

unit_stamp() {
  unit_find "$1"
  local files=("${UNIT_DROPINS[@]/#/$UNIT_ROOT}")
  stat -L -c '%n %Y %s %i' "$UNIT_ROOT$UNIT_FRAGMENT" "${files[@]}" 2>/dev/null
}

