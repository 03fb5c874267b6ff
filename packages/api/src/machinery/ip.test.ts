import test from "ava";
import fc from "fast-check";
import { canonicalIp, formatIp, formatNetwork, isInNetwork, overlaps, parseIp, parseNetwork } from "./ip.ts";

test("addresses have one canonical text", (t) => {
	const cases: Readonly<Record<string, string | undefined>> = {
		"10.0.0.1": "10.0.0.1",
		"010.0.0.1": undefined,
		"2001:DB8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
		"0:0:0:0:0:0:0:0": "::",
		"1::": "1::",
		"::1": "::1",
		"1:0:2:3:4:5:6:7": "1:0:2:3:4:5:6:7",
		"::ffff:10.0.0.1": "::ffff:10.0.0.1",
		"fd00::10.0.0.1": "fd00::a00:1",
		"1::2::3": undefined,
		"": undefined,
		"10.0.0": undefined,
	};
	for (const [text, canonical] of Object.entries(cases)) t.is(canonicalIp(text), canonical, text);
});

test("networks: their base, what is in them, what they share", (t) => {
	const network = (text: string) => parseNetwork(text)!;
	t.is(formatNetwork(network("10.96.3.4/16")), "10.96.0.0/16");
	t.true(network("10.96.3.4/16").hasHostBits);
	t.false(network("fd00::/108").hasHostBits);
	for (const text of ["10.0.0.0", "10.0.0.0/33", "fd00::/129", "10.0.0.0/08", "x/8", "10.0.0.0/8/8", ""]) {
		t.is(parseNetwork(text), undefined, text);
	}
	t.true(isInNetwork(network("10.96.0.0/16"), parseIp("10.96.255.255")!));
	t.false(isInNetwork(network("10.96.0.0/16"), parseIp("10.97.0.0")!));
	t.false(isInNetwork(network("0.0.0.0/0"), parseIp("::1")!));
	t.true(overlaps(network("10.0.0.0/8"), network("10.96.0.0/16")));
	t.true(overlaps(network("10.96.0.0/16"), network("10.0.0.0/8")));
	t.false(overlaps(network("10.96.0.0/16"), network("10.97.0.0/16")));
	t.false(overlaps(network("0.0.0.0/0"), network("::/0")));
});

test("property: what is formatted is read again", (t) => {
	fc.assert(
		fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
			const text = formatIp({ family: "IPv6", value });
			return parseIp(text)?.value === value && canonicalIp(text) === text;
		}),
	);
	t.pass();
});
