#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What no sane client sends is refused by the kernel, with a message and, where one attribute is guilty, its name.
# shellcheck source=tests/selftests/lib.sh
. "${0%/*}/lib.sh"

genl() {
	"$TESTS/genl" "$@"
}
# refused NAME ERRNO ATTRIBUTE MESSAGE
refused() {
	local said
	said=$(genl "$4" 2>&1) || :
	expect_match "$1" "$said" "^error $2 $3 .*[a-z]"
}
switch vs0
vs add-port vs0 ann vlan access 10
vs set-mac vs0 ann "${MAC[a]}"
vs add-port vs0 bob mac "${MAC[a]}" vlan access 20
switch vs1 type private
as_before() {
	vs -j show vs0
	vs -j fdb show vs0
}
before=$(as_before)
p="PORT_SWITCH=s:vs0"
long=a2345678901234567890123456789012
refused "no switch name" EINVAL - "PORT_NEW PORT_NAME=s:x"
refused "an unknown switch" "(ENOENT|ENODEV)" PORT_SWITCH "PORT_NEW PORT_SWITCH=s:nosuch PORT_NAME=s:x"
refused "an unknown port" ENOENT PORT_NAME "PORT_SET $p PORT_NAME=s:x PORT_PVID=u16:5"
refused "no port name" EINVAL - "PORT_NEW $p"
refused "an empty port name" "(EINVAL|ERANGE)" PORT_NAME "PORT_NEW $p PORT_NAME=s:"
refused "a port name of 32 bytes" "(EINVAL|ERANGE|ENAMETOOLONG)" PORT_NAME "PORT_NEW $p PORT_NAME=s:$long"
refused "a switch name of 16 bytes" "(EINVAL|ERANGE|ENAMETOOLONG)" SWITCH_NAME "SWITCH_NEW SWITCH_NAME=s:a234567890123456"
refused "a switch name with a slash" EINVAL SWITCH_NAME "SWITCH_NEW SWITCH_NAME=s:a/b"
refused "an empty switch name" "(EINVAL|ERANGE)" SWITCH_NAME "SWITCH_NEW SWITCH_NAME=s:"
refused "PVID 4095" "(EINVAL|ERANGE)" PORT_PVID "PORT_NEW $p PORT_NAME=s:x PORT_PVID=u16:4095"
refused "PVID 0 of an access port" "(EINVAL|ERANGE)" "(PORT_PVID|PORT_VLAN_MODE)" \
	"PORT_NEW $p PORT_NAME=s:x PORT_VLAN_MODE=u8:0 PORT_PVID=u16:0"
refused "an unknown VLAN mode" "(EINVAL|ERANGE)" PORT_VLAN_MODE "PORT_NEW $p PORT_NAME=s:x PORT_VLAN_MODE=u8:9"
refused "a VLAN range that runs backwards" "(EINVAL|ERANGE)" PORT_VLANS \
	"PORT_NEW $p PORT_NAME=s:x PORT_VLAN_MODE=u8:1 PORT_VLANS=x:14000a00"
refused "half a VLAN range" "(EINVAL|ERANGE)" PORT_VLANS "PORT_NEW $p PORT_NAME=s:x PORT_VLAN_MODE=u8:1 PORT_VLANS=x:0a00"
refused "a range up to 4095" "(EINVAL|ERANGE)" PORT_VLANS "PORT_NEW $p PORT_NAME=s:x PORT_VLAN_MODE=u8:1 PORT_VLANS=x:0100ff0f"
refused "half a MAC address" "(EINVAL|ERANGE)" PORT_MACS "PORT_NEW $p PORT_NAME=s:x PORT_MACS=x:020000"
refused "a group address" "(EINVAL|ERANGE|EADDRNOTAVAIL)" PORT_MACS "PORT_NEW $p PORT_NAME=s:x PORT_MACS=x:01005e000001"
macs=$(for ((i = 0; i < 65; i++)); do printf '0200000000%02x' "$i"; done)
refused "65 MAC addresses" "(EINVAL|ERANGE)" PORT_MACS "PORT_NEW $p PORT_NAME=s:x PORT_MACS=x:$macs"
refused "one MAC address twice" "(EINVAL|EEXIST|EADDRINUSE)" PORT_MACS "PORT_NEW $p PORT_NAME=s:x PORT_MACS=x:020000000001020000000001"
refused "priority 8" "(EINVAL|ERANGE)" PORT_PRIORITY "PORT_NEW $p PORT_NAME=s:x PORT_PRIORITY=u8:8"
refused "an unknown kind" "(EINVAL|ERANGE)" PORT_KIND "PORT_NEW $p PORT_NAME=s:x PORT_KIND=u8:7"
refused "a change of kind" "(EINVAL|EOPNOTSUPP|EBUSY)" PORT_KIND "PORT_SET $p PORT_NAME=s:ann PORT_KIND=u8:1"
refused "learning 3" "(EINVAL|ERANGE)" PORT_LEARNING "PORT_NEW $p PORT_NAME=s:x PORT_LEARNING=u8:3"
refused "a u8 where a u32 belongs" "(EINVAL|ERANGE)" PORT_MAC_LIMIT "PORT_NEW $p PORT_NAME=s:x PORT_MAC_LIMIT=u8:3"
refused "nothing where a u16 belongs" "(EINVAL|ERANGE)" PORT_PVID "PORT_NEW $p PORT_NAME=s:x PORT_PVID=flag"
refused "an attribute that is read only" "(EINVAL|ERANGE)" PORT_ID "PORT_SET $p PORT_NAME=s:ann PORT_ID=u32:5"
refused "an attribute that does not exist" "(EINVAL|ERANGE)" "[-0-9]+" "PORT_NEW $p PORT_NAME=s:x 200=u32:5"
refused "a device name of 16 bytes" "(EINVAL|ERANGE|ENAMETOOLONG)" PORT_DEV "PORT_SET $p PORT_NAME=s:ann PORT_DEV=s:a234567890123456"
refused "an MTU of 67" "(EINVAL|ERANGE)" PORT_MTU "PORT_NEW $p PORT_NAME=s:x PORT_KIND=u8:2 PORT_MTU=u32:67"
refused "a file descriptor that is no namespace" "(EINVAL|EBADF)" PORT_NETNS_FD "PORT_NEW $p PORT_NAME=s:x PORT_KIND=u8:2 PORT_NETNS_FD=u32:0"
refused "an ageing time of 9 s" "(EINVAL|ERANGE)" SWITCH_AGEING "SWITCH_SET SWITCH_NAME=s:vs0 SWITCH_AGEING=u32:9"
refused "an unknown type" "(EINVAL|ERANGE)" SWITCH_TYPE "SWITCH_SET SWITCH_NAME=s:vs0 SWITCH_TYPE=u8:3"
refused "a device that can not be plugged" EINVAL PORT_DEV "PORT_NEW $p PORT_NAME=s:x PORT_DEV=s:lo"
refused "... with CHECK" EINVAL PORT_DEV "PORT_NEW $p PORT_NAME=s:x PORT_DEV=s:lo PORT_CHECK=flag"
refused "a vNIC whose name is taken" EEXIST PORT_NAME "PORT_NEW $p PORT_NAME=s:lo PORT_KIND=u8:2"
refused "a vNIC whose name no device can have" EINVAL PORT_NAME "PORT_NEW $p PORT_NAME=s:a234567890123456 PORT_KIND=u8:2 PORT_CHECK=flag"
refused "a vNIC whose device's name is taken" EEXIST PORT_DEV "PORT_NEW $p PORT_NAME=s:x PORT_DEV=s:lo PORT_KIND=u8:2"
refused "a vNIC of a private switch" EINVAL PORT_KIND "PORT_NEW PORT_SWITCH=s:vs1 PORT_NAME=s:x PORT_KIND=u8:2"
refused "a VLAN where another port has the address" EADDRINUSE PORT_PVID "PORT_SET $p PORT_NAME=s:bob PORT_PVID=u16:10"
f="FDB_SWITCH=s:vs0 FDB_PORT=s:ann"
refused "an FDB entry in VLAN 0" "(EINVAL|ERANGE)" FDB_VLAN "FDB_NEW $f FDB_MAC=x:020000000001 FDB_VLAN=u16:0"
refused "an FDB entry with 5 bytes of address" "(EINVAL|ERANGE)" FDB_MAC "FDB_NEW $f FDB_MAC=x:0200000000 FDB_VLAN=u16:10"
refused "an FDB entry without an address" EINVAL - "FDB_NEW $f FDB_VLAN=u16:10"
e="EXPLAIN_SWITCH=s:vs0 EXPLAIN_PORT=s:ann EXPLAIN_SRC=x:020000000001 EXPLAIN_DST=x:020000000002"
refused "an explain of 13 bytes" "(EINVAL|ERANGE)" EXPLAIN_SIZE "EXPLAIN $e EXPLAIN_SIZE=u32:13"
refused "an explain of VID 4096" "(EINVAL|ERANGE)" EXPLAIN_VLAN "EXPLAIN $e EXPLAIN_VLAN=u16:4096"
refused "an explain of PCP 8" "(EINVAL|ERANGE)" EXPLAIN_PCP "EXPLAIN $e EXPLAIN_PCP=u8:8"
expect_match "an unknown command" "$(genl "77" 2>&1)" '^error (EOPNOTSUPP|EINVAL)'
expect_match "a notification as a request" "$(genl "PORT_ADD_NTF $p" 2>&1)" '^error (EOPNOTSUPP|EINVAL)'
expect_match "a name without its NUL is taken, not read beyond" "$(genl "PORT_GET $p PORT_NAME=t:ann" 2>&1)" '^(ok|error EINVAL)'
expect_eq "nothing of all this has changed anything" "$(as_before)" "$before"
expect_match "a request in order is taken" "$(genl "PORT_NEW $p PORT_NAME=s:x PORT_PVID=u16:4094")" '^ok'
finish
