# SPDX-License-Identifier: GPL-2.0
# Targets for people; `make help` lists them. What kbuild builds is in Kbuild.

PREFIX ?= /usr/local
DESTDIR ?=
KERNEL ?= 6.1
TESTS ?=
LAB := tests/lab
TOOL := tools/vswctl

# Headers to build for: the running kernel's, else the newest that are installed. Looked up by the shell each
# time, because a target may install them.
KDIR ?= $(shell \
	found=$$(ls -d /lib/modules/$$(uname -r)/build/Makefile 2>/dev/null || \
		ls -d /lib/modules/*/build/Makefile 2>/dev/null | sort -V | tail -n 1); \
	[ -n "$$found" ] || found=$$(ls -d /usr/src/linux-headers-*/Module.symvers 2>/dev/null | sort -V | tail -n 1); \
	echo "$${found%/*}")

all: module tool

# Missing compilers and libraries are installed, as root on Debian; elsewhere they are named.
prepare-build:
	@$(LAB)/setup packages-build

prepare-headers:
	@[ -n "$(KDIR)" ] || $(LAB)/setup packages-headers

module: prepare-build prepare-headers
	@[ -n "$(KDIR)" ] || { echo "no kernel headers found; set KDIR" >&2; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tool: prepare-build
	$(MAKE) -C $(TOOL)

install: module tool
	$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
	$(MAKE) -C $(TOOL) install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	install -D -m 644 Documentation/vmswitch.7 $(DESTDIR)$(PREFIX)/share/man/man7/vmswitch.7
	[ -n "$(DESTDIR)" ] || depmod -a

# kbuild installs modules of others into extra/ up to 6.2, and into updates/ since.
uninstall:
	$(RM) $(addprefix $(DESTDIR)/lib/modules/,*/extra/vmswitch/vmswitch.ko* */updates/vmswitch/vmswitch.ko*)
	$(RM) $(DESTDIR)$(PREFIX)/sbin/vswctl $(DESTDIR)$(PREFIX)/share/man/man8/vswctl.8
	$(RM) $(DESTDIR)$(PREFIX)/share/man/man7/vmswitch.7
	$(RM) $(DESTDIR)$(PREFIX)/share/bash-completion/completions/vswctl
	[ -n "$(DESTDIR)" ] || depmod -a

clean:
	[ -z "$(KDIR)" ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
	[ ! -e $(TOOL)/Makefile ] || $(MAKE) -C $(TOOL) clean
	[ ! -e tests/selftests/Makefile ] || $(MAKE) -C tests/selftests clean

# Tests, in kernels of their own (tests/lab/README.md)
check:
	$(LAB)/setup packages-check
	$(LAB)/vm --kernel $(KERNEL) --timeout 3600 -- tests/selftests/run $(if $(TESTS),'$(TESTS)')

check-uml:
	$(LAB)/setup packages-check
	$(LAB)/uml --timeout 1800 -- tests/selftests/run $(if $(TESTS),'$(TESTS)')

check-debug:
	$(LAB)/setup packages-check
	$(LAB)/uml --debug --timeout 3600 -- tests/selftests/run $(if $(TESTS),'$(TESTS)')

check-all:
	$(MAKE) check KERNEL=6.1
	$(MAKE) check KERNEL=6.12
	$(MAKE) check KERNEL=7

# With a NIC of a stock driver that the host steers; takes /dev/net/tun and bpf()
check-virtio:
	$(LAB)/setup packages-check
	$(LAB)/vm --kernel $(KERNEL) --queues 4 -- tests/selftests/run vmq_virtio

# Tests that need no kernel, and those of the module's pure code
unit: prepare-build
	tests/unit/vswctl.sh

kunit:
	$(LAB)/uml --debug -- $(LAB)/kunit

demo:
	@$(LAB)/setup packages-demo
	$(LAB)/vm --kernel 6.1 -- tests/demo/demo

demo-vms:
	$(LAB)/setup packages-demo 6.1
	$(LAB)/uml --mem 4096 -- tests/demo/vms

# What a frame costs; for BENCH see tests/bench/run --help
bench:
	tests/bench/run $(BENCH)

bench-doc:
	tests/bench/doc all

style:
	$(LAB)/style

help:
	@echo 'make                     vmswitch.ko for the headers in KDIR, and vswctl'
	@echo '                         KDIR=$(KDIR)'
	@echo 'make install|uninstall   module, vswctl and manual pages (PREFIX=$(PREFIX), DESTDIR=)'
	@echo 'make clean'
	@echo 'make demo                a switch, ports and a guard at work, in a VM; changes nothing here'
	@echo 'make demo-vms            two real guests on one switch'
	@echo 'make check               the tests in a VM (KERNEL=6.1|6.12|7, TESTS=GLOB)'
	@echo 'make check-all           the tests on the three kernels'
	@echo 'make check-virtio        VMQ with a stock driver (KERNEL as for check)'
	@echo 'make check-uml           the tests in User Mode Linux: fast'
	@echo 'make check-debug         the same with KASAN, lockdep, kmemleak'
	@echo 'make unit                the unit tests of vswctl, which need no kernel'
	@echo 'make kunit               the unit tests of the module'"'"'s pure code'
	@echo 'make bench               what a frame costs (BENCH="--venue icount|uml --case CASE,... ...")'
	@echo 'make bench-doc           measure what Documentation/performance.md tells, and plot it (about 20 minutes)'
	@echo 'make style               checkpatch, sparse, shellcheck, manual pages'

.PHONY: all module tool prepare-build prepare-headers install uninstall clean check check-uml check-debug check-all check-virtio \
	unit kunit demo demo-vms bench bench-doc style help
