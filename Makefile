# make demo   an environment, the catalogue verified, a sample answer graded, reports in out/
# make test   an environment, the tests
# make lint   ruff and mypy --strict
# make bench  the benchmarks, with what they compare with (torch is large); benchmarks/external.py wants a file
# make nightly  the long tests

VENV   ?= .venv
PYTHON ?=
STAMP  := $(VENV)/.installed
RIVALS := $(VENV)/.rivals
RUN    := $(VENV)/bin
OUT    ?= out
SAMPLE := docs/examples/diffusion-answer.md

.PHONY: demo test lint bench nightly clean
.DEFAULT_GOAL := test

$(STAMP): pyproject.toml .ci/venv
	@PYTHON='$(PYTHON)' sh .ci/venv '$(VENV)'
	@touch '$@'

demo: $(STAMP)
	@sh .ci/tex || true
	@mkdir -p '$(OUT)'
	@status=0; \
	$(RUN)/derive verify || status=$$?; \
	pdf=''; if command -v pdflatex >/dev/null 2>&1; then pdf='--report $(OUT)/graded.pdf'; fi; \
	$(RUN)/derive grade '$(SAMPLE)' --assignment hw13 --problem 1 \
	    --report '$(OUT)/graded.tex' --report '$(OUT)/graded.html' $$pdf || status=$$?; \
	$(RUN)/derive report hw13 -o '$(OUT)' || status=$$?; \
	exit $$status

test: $(STAMP)
	@$(RUN)/python -m pytest -q -n auto --maxprocesses 8 $(ARGS)

lint: $(STAMP)
	@$(RUN)/ruff check .
	@$(RUN)/mypy

$(RIVALS): $(STAMP)
	@$(RUN)/python -m pip install -qq --disable-pip-version-check --editable '.[bench]' </dev/null
	@touch '$@'

bench: $(RIVALS)
	@set -e; for file in benchmarks/*.py; do echo "== $$file"; $(RUN)/python "$$file"; done

nightly: $(STAMP)
	@HYPOTHESIS_PROFILE=nightly $(RUN)/python -m pytest -q -n 2 $(ARGS)
	@$(RUN)/python benchmarks/fuzz.py --pairs 20000
	@$(MAKE) bench

clean:
	rm -rf '$(OUT)' build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
