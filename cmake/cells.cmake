# SPDX-License-Identifier: GPL-2.0-or-later
# A test per backend and judge: what the backend declares is what the judge finds.

# Of the KVM family each is judged widely in the quick tier; of the other worlds that is for the full one, and
# stress runs only what it is to catch.
set(kvm ${backends})
foreach(backend ${backends})
	backend_home(${backend} home)
	set(text_${backend} ${home}/${backend}.h)
	file(STRINGS ${text_${backend}} world REGEX "\\.world = ")
	if(world)
		list(REMOVE_ITEM kvm ${backend})
	endif()
endforeach()

# Short windows: whether every path is reached and its figures are as declared, not what they are.  Without the kernel's
# counters, which no declaration speaks of: to open them for each row takes longer than the row (test_bench_perf).
foreach(backend ${kvm})
	set(cell cell_bench_${backend})
	add_test(NAME ${cell} COMMAND sh -c "rm -rf \"$3\" && \"$1\" bench --backend \"$2\" \
--scenario fastpath,entry --reps 9 --window 100us --perf off --out \"$3\"; code=$?; \
[ $code != 5 ] || { echo 'skipped: the machine was too busy to say'; exit 4; }; exit $code"
		sh $<TARGET_FILE:kickbench> ${backend}
		${CMAKE_BINARY_DIR}/cells/${cell})
	set_tests_properties(${cell} PROPERTIES SKIP_RETURN_CODE 4 TIMEOUT 600 LABELS "quick;cell"
		RUN_SERIAL TRUE)
endforeach()

# Presets under each model: exactly what is declared is found, and proved.  Those of several vCPUs have one
# in the quick tier (walker is one-walker then), and tso, whose machine is pso's, and rc11 have the smallest
# presets there.  In the full tier each backend has one of its three cells, by turns from day to day.
option(KICK_ALL_CELLS "all cells of the full tier, instead of a third each day" OFF)
string(TIMESTAMP turn %j)
string(REGEX REPLACE "^0+" "" turn ${turn})
foreach(backend ${backends})
	set(cell cell_explore_${backend})
	set(explore kickbench explore --backend ${backend} --expect)
	if(backend IN_LIST kvm)
		set(some quick,mask,mask-wait --vcpus 1)
		set(few one-kick,dirty-log,put-clears)
	else()
		set(some one-kick,wake)
		set(few one-kick)
	endif()
	set(wide offline,mask,mask-wait,walker,two-kicks-two-migrations)
	set(wide_rc11 quick,mask,mask-wait,walker --vcpus 1)
	# Threads of a VMM have presets of their own.
	file(STRINGS ${text_${backend}} vmm REGEX "kick_vmm\\.h|KICK_F_SIGNAL")
	if(vmm)
		set(some run,pause-exit,stale)
		set(few run,stale)
		set(wide run,run-twice,pause,pause-exit,stale)
		set(wide_rc11 run,run-twice,pause,pause-exit,stale)
	endif()
	add_test(NAME ${cell} COMMAND ${explore} --model sc,pso --scenario ${some})
	add_test(NAME cell_explore_rc11_${backend} COMMAND ${explore} --model tso,rc11 --scenario ${few})
	set_tests_properties(${cell} cell_explore_rc11_${backend} PROPERTIES SKIP_RETURN_CODE 4 TIMEOUT 600
		LABELS "quick;cell")
	set(cell_0 cell_explore_full_${backend} COMMAND ${explore} --model sc,tso,pso --scenario ${wide})
	# Without a limit run-twice of s390_block_sie under rc11 comes to no end, nor kvm_2009 under armv8.
	set(undecided ${CMAKE_SOURCE_DIR}/tests/explore/undecided_cell.sh $<TARGET_FILE:kickbench> explore
		--backend ${backend} --expect)
	set(cell_1 cell_explore_full_rc11_${backend} COMMAND ${undecided} --model tso,rc11
		--scenario ${wide_rc11} --time 60)
	set(cell_2 cell_explore_full_lkmm_${backend} COMMAND ${undecided} --model lkmm,armv8
		--scenario one-kick,put-clears,run,stale --time 30)
	math(EXPR turn "(${turn} + 1) % 3")
	foreach(kind 0 1 2)
		if(kind EQUAL turn OR KICK_ALL_CELLS)
			add_test(NAME ${cell_${kind}})
			list(GET cell_${kind} 0 name)
			set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 4 TIMEOUT 600 LABELS "full;cell")
		endif()
	endforeach()
endforeach()

# Under stress: 0.5 s each (then 2, 8 and 32 s while that proves nothing), in which what is declared `caught` must be.
# The others have 2 s (8, 32) in the full tier: all that there is of sound ones of other worlds.
foreach(backend ${backends})
	file(STRINGS ${text_${backend}} caught REGEX "KICK_CAUGHT")
	set(stress ${CMAKE_SOURCE_DIR}/tests/stress/stress_cell.sh ${backend})
	set(cells)
	if(caught OR backend IN_LIST kvm)
		add_test(NAME cell_stress_${backend} COMMAND ${stress} 0.5 2 8 32)
		list(APPEND cells quick cell_stress_${backend})
	endif()
	if(NOT caught)
		add_test(NAME cell_stress_full_${backend} COMMAND ${stress} 2 8 32)
		list(APPEND cells full cell_stress_full_${backend})
	endif()
	while(cells)
		list(POP_FRONT cells label cell)
		set_tests_properties(${cell} PROPERTIES SKIP_RETURN_CODE 4 TIMEOUT 600 LABELS "${label};cell"
			RUN_SERIAL TRUE ENVIRONMENT "KICKBENCH=$<TARGET_FILE:kickbench>")
	endwhile()
endforeach()
