# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of kickbench: verbs, options, and the values of options that take names.  The
# program tells all of them when they are needed, so there is nothing here to keep in step.

_kickbench() {
	local program=$1 word=$2 verb=${COMP_WORDS[1]} option=$3 values head
	COMPREPLY=()
	# Bash takes --name=value for three words.
	[ "$word" = = ] && word=
	[ "$option" = = ] && option=${COMP_WORDS[COMP_CWORD - 2]}
	[[ $word == --*=* ]] && option=${word%%=*} head=$option=
	if [ "$COMP_CWORD" = 1 ]; then
		values="$("$program" help --words 2>/dev/null) --help --version"
	elif [[ $word == -* && -z ${head-} ]]; then
		values=$("$program" help --words "$verb" 2>/dev/null)
	elif [[ $option == --* ]]; then
		values=$("$program" help --words="${option#--}" "$verb" 2>/dev/null)
	elif [ "$verb" = help ]; then
		values=$("$program" help --words 2>/dev/null)
	else
		values=FILE # results folders and CSV files
	fi
	word=${word#"${head-}"}
	case $values in
	FILE | DIR)
		compopt -o filenames 2>/dev/null
		[ "$values" = FILE ] && mapfile -t COMPREPLY < <(compgen -P "${head-}" -f -- "$word")
		[ "$values" = DIR ] && mapfile -t COMPREPLY < <(compgen -P "${head-}" -d -- "$word")
		;;
	*)
		[[ $values == *= ]] && compopt -o nospace 2>/dev/null # NAME=VALUE
		# The last item of a list such as a,b,c.
		head=${head-}${word%"${word##*,}"}
		mapfile -t COMPREPLY < <(compgen -P "$head" -W "$values" -- "${word##*,}")
		;;
	esac
	return 0
}

complete -F _kickbench kickbench
