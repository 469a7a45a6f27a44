case $- in *i*) ;; *) return ;; esac
PS1='\u@\h:\w# '
for config in admin kubelet; do
  [ -z "$KUBECONFIG" ] && [ -r /etc/kubernetes/$config.conf ] && export KUBECONFIG=/etc/kubernetes/$config.conf
done
HISTCONTROL=ignoreboth
alias k=kubectl
alias ll='ls -l'
[ -t 1 ] && [ -z "$NODE_LAB_GREETED" ] && cat /etc/motd
export NODE_LAB_GREETED=1
