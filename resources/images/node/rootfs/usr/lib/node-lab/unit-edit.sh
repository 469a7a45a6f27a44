# `systemctl edit` and `systemctl revert`. Sourced by systemctl, after unit-state.sh.

OWN=/etc/systemd/system
BEGIN_MARK='### Anything between here and the comment below will become the contents of the drop-in file'
END_MARK='### Edits below this comment will be discarded'

# Edits a drop-in of the unit's, or with --full a copy of the whole unit.
edit_unit() {
  local unit=$1 target draft status
  unit_find "$unit"
  if [[ -z $UNIT_FRAGMENT && ( -z $force || -z $full ) ]]; then
    echo "No files found for $unit." >&2
    echo "Run 'systemctl edit --force --full $unit' to create a new unit." >&2
    return 1
  fi
  target=$OWN/$unit.d/$dropin_name
  [[ -z $full ]] || target=$OWN/$unit
  mkdir -p "${target%/*}" || return 1
  draft=$(mktemp "${target%/*}/.#${target##*/}XXXXXXXXXXXXXXXX") || return 1
  trap 'rm -f "$draft"; rmdir "${target%/*}" 2>/dev/null' RETURN
  if [[ -n $full ]]; then cat "$UNIT_FRAGMENT" >"$draft" 2>/dev/null; else write_draft "$unit" "$target" >"$draft"; fi
  run_editor "$draft"
  status=$?
  if (( status )); then
    echo "(editor) failed with exit status $status." >&2
    return 1
  fi
  [[ -n $full ]] || keep_edited "$draft"
  if ! grep -q '[^[:space:]]' "$draft"; then
    echo "$target: after editing, new contents are empty, not writing file." >&2
    return
  fi
  chmod 644 "$draft"
  mv "$draft" "$target" || return 1
  echo "Successfully installed edited file '$target'." >&2
}

# What is there already, to be changed, and below it, as comments, what it is added to.
write_draft() {
  local file gap=$'\n\n\n'
  printf '### Editing %s\n%s\n\n' "$2" "$BEGIN_MARK"
  [[ -s $2 ]] && cat "$2"
  printf '\n\n%s' "$END_MARK"
  for file in "$UNIT_FRAGMENT" "${UNIT_DROPINS[@]}"; do
    [[ $file == "$2" ]] && continue
    printf '%s### %s\n%s' "$gap" "$file" "$(sed 's/^/# /' "$file")"
    gap=$'\n\n'
  done
}

# Of a draft, what stands between the two marks, without empty lines around it.
keep_edited() {
  local text
  text=$(awk -v first="$BEGIN_MARK" -v last="$END_MARK" '
    $0 == last { exit }
    inside && (/[^[:space:]]/ || begun) { begun = 1; print }
    $0 == first { inside = 1 }' "$1")
  if [[ -n $text ]]; then printf '%s\n' "$text" >"$1"; else : >"$1"; fi
}

run_editor() {
  local editor=${SYSTEMD_EDITOR:-${EDITOR:-${VISUAL:-editor}}} words
  read -ra words <<<"$editor"
  if ! type -P "${words[0]}" >/dev/null; then
    echo "Specified editor '${words[0]}' not available, trying fallbacks: No such file or directory" >&2
    words=(editor)
  fi
  [[ -n $full ]] || words+=(+4)
  "${words[@]}" "$1"
}

# Takes away whatever was added to a unit that the image brings.
revert_unit() {
  local unit=$1 file removed=''
  [[ -e /usr/lib/systemd/system/$unit ]] || return 0
  for file in "$OWN/$unit" "$OWN/$unit.d"/*; do
    [[ -e $file || -L $file ]] && rm -f "$file" && echo "Removed '$file'." >&2
  done
  [[ -d $OWN/$unit.d ]] && rmdir "$OWN/$unit.d" && echo "Removed '$OWN/$unit.d'." >&2
  return 0
}
