# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of kickbench: verbs, options, and the values of options that take names.  All of
# it is read from --help when it is needed, so there is nothing here to keep in step.

# What the help text $1 names as values of option $2: its a|b|c, or the words after its LIST.
# FILE and DIR stand for themselves.
_kickbench_values() {
	awk -v option="$2" '
		{
			for (i = 1; i < NF && $i != option; i++)
				;
			if ($i != option || i == NF)
				next
			if ($(i + 1) ~ /\|/)
				n = split($(i + 1), names, "|")
			else if ($(i + 1) ~ /^(FILE|DIR)$/)
				names[n = 1] = $(i + 1)
			else if ($(i + 1) == "LIST")
				for (i += 2; i <= NF && $i ~ /^[a-z0-9_-]+$/; i++)
					names[++n] = $i
			for (i = 1; i <= n; i++)
				if (names[i] ~ /^([a-z0-9_-]+|FILE|DIR)$/)
					print names[i]
			exit
		}' <<<"$1"
}

_kickbench() {
	local program=$1 word=$2 verb=${COMP_WORDS[1]} help values head
	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		values=$("$program" --help 2>/dev/null | sed -nE 's/^  (--[a-z]+|[a-z]+) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
		return
	fi
	help=$("$program" "$verb" --help 2>/dev/null)
	if [[ $word == -* ]]; then
		values="--help $(grep -E "^ +--" <<<"$help" | grep -oE -- "--[a-z][a-z-]*" | sort -u)"
		mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
		return
	fi
	case $3 in
	--backend) values="all $("$program" list --names 2>/dev/null)" ;;
	--*)
		values=$(_kickbench_values "$help" "$3")
		if [ "$3$values" = --scenario ] && grep -q '^ *--list' <<<"$help"; then
			values=$("$program" "$verb" --list 2>/dev/null | awk '{ print $1 }')
		fi
		;;
	*) values=FILE ;; # results folders and CSV files
	esac
	case $values in
	FILE | DIR)
		compopt -o filenames 2>/dev/null
		[ "$values" = FILE ] && mapfile -t COMPREPLY < <(compgen -f -- "$word")
		[ "$values" = DIR ] && mapfile -t COMPREPLY < <(compgen -d -- "$word")
		;;
	*)
		# The last item of a list such as a,b,c.
		head=${word%"${word##*,}"}
		mapfile -t COMPREPLY < <(compgen -P "$head" -W "$values" -- "${word##*,}")
		;;
	esac
	return 0
}

complete -F _kickbench kickbench
