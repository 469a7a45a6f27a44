case $- in *i*) ;; *) return ;; esac
PS1='\u@\h:\w# '
HISTCONTROL=ignoreboth
alias k=kubectl
alias ll='ls -l'
[ -t 1 ] && [ -z "$NODE_LAB_GREETED" ] && cat /etc/motd
export NODE_LAB_GREETED=1
