# For commands that come over SSH, too: its server hands no environment on.
export LANG=C.UTF-8
case $- in *i*) ;; *) return ;; esac
PS1='\u@\h:\w# '
HISTCONTROL=ignoreboth
shopt -s checkwinsize
export EDITOR=${EDITOR:-vim} PAGER=less LESS=${LESS:-R}
alias k=kubectl
alias ls='ls --color=auto'
alias grep='grep --color=auto'
alias ll='ls -l'
# Completion is loaded at the first Tab that needs it: a shell does not start slower because of it.
_load_completion() {
  complete -r -D
  . /usr/share/bash-completion/bash_completion
  _comp_complete_load "$@"
}
complete -D -F _load_completion -o bashdefault -o default
[ -t 1 ] && [ -z "$NODE_LAB_GREETED$SUDO_USER" ] && cat /etc/motd
export NODE_LAB_GREETED=1
