import test from "ava";
import { addressKey, familyOf, familyOfNetwork, groupsOf, isWithin, neighbourhoodOf } from "./address.ts";

test("only plain addresses have a family", (t) => {
	t.is(familyOf("10.0.0.1"), "IPv4");
	t.is(familyOf("fd00::1"), "IPv6");
	for (const text of ["", "10.0.0", "10.0.0.256", "example.com", "10.0.0.1/8", "fe80::1%eth0", " 10.0.0.1"])
		t.is(familyOf(text), undefined, text);
});

test("networks are an address and a length", (t) => {
	t.is(familyOfNetwork("10.0.0.0/8"), "IPv4");
	t.is(familyOfNetwork("fd00::/8"), "IPv6");
	for (const text of ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "x/8", "fd00::/129"])
		t.is(familyOfNetwork(text), undefined, text);
});

test("neighbourhoods", (t) => {
	t.is(neighbourhoodOf("10.96.3.7", "IPv4"), "10.96.3.0/24");
	t.is(neighbourhoodOf("fd00::96:12", "IPv6"), "fd00:0:0:0:0:0:96:0/112");
});

test("within a network, or not", (t) => {
	t.true(isWithin("10.244.255.255", "10.244.0.0/16"));
	t.false(isWithin("10.245.0.0", "10.244.0.0/16"));
	t.true(isWithin("1.2.3.4", "0.0.0.0/0"));
	t.true(isWithin("fd00::1:2", "fd00::1:0/112"));
	t.false(isWithin("fd00::1", "10.0.0.0/8"));
	t.false(isWithin("nonsense", "10.0.0.0/8"));
});

test("IPv6 addresses have one key however they are written", (t) => {
	t.deepEqual(groupsOf("FD00::0a:1.2.3.4"), ["fd00", "0", "0", "0", "0", "a", "102", "304"]);
	t.is(addressKey("fd00::1"), addressKey("FD00:0:0:0:0:0:0:0001"));
	t.is(addressKey("10.0.0.1"), "10.0.0.1");
});
