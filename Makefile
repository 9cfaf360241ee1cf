# The same two commands for those who have make.
.PHONY: demo test bench
demo test bench:
	python3 tasks.py $@
