# may.sh PROGRAM [ARGUMENT...]: whether sudo lets the user run it without a password. Lists, and runs nothing. Without any
# argument, what they are is only known when it runs: then it is looked for in the list of what the user may.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
path=$(command -v "$1") || { echo missing; exit 0; }
# What the shell does itself has a program of that name too; a sudoers file names it by its path.
case $path in
  /*) ;;
  *) path=$(IFS=:; for folder in $PATH; do [ -x "$folder/$1" ] && echo "$folder/$1" && break; done); path=${path:-$1} ;;
esac
shift
if [ $# = 0 ]; then sudo -n -l 2>/dev/null | grep -qE "NOPASSWD: ALL|$path( |,|\$)"
else sudo -n -l "$path" "$@" >/dev/null 2>&1
fi && echo "may $path" || echo "refused $path"
