import test from "ava";
import { address, cidr, duration, port, several, wholeNumber } from "./values.ts";

test("ports and numbers", (t) => {
	t.is(port("6443"), 6443);
	for (const wrong of ["0", "65536", "-1", "1e3", "", "80 "]) t.throws(() => port(wrong), undefined, wrong);
	t.is(wholeNumber("0"), 0);
	t.throws(() => wholeNumber("1.5"));
});

test("addresses and ranges", (t) => {
	t.is(address("10.89.0.10"), "10.89.0.10");
	t.is(address("::1"), "::1");
	t.throws(() => address("localhost"));
	t.is(cidr("10.96.0.0/16"), "10.96.0.0/16");
	for (const wrong of ["10.96.0.0", "10.96.0.0/33", "10.96.0/16", "10.96.0.0/16/1", "/8"]) {
		t.throws(() => cidr(wrong), undefined, wrong);
	}
});

test("durations are in seconds", (t) => {
	t.deepEqual(["90s", "15m", "24h", "7d"].map(duration), [90, 900, 86_400, 604_800]);
	for (const wrong of ["0s", "5", "h", "1w", "1.5h"]) t.throws(() => duration(wrong), undefined, wrong);
});

test("an option given several times is a list", (t) => {
	t.deepEqual(several("b", several("a", undefined)), ["a", "b"]);
});
