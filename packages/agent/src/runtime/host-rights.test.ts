import test from "ava";
import { ALL_RIGHTS, rightsOf } from "./host-rights.ts";

const rights = (CapBnd: string, last = 40) =>
	rightsOf({ status: `Name:\tnode\nCapEff:\t0\nCapBnd:\t${CapBnd}\n`, score: -500, last });

test("a host that has every capability its kernel knows lets containers have all", (t) => {
	t.deepEqual(rights("000001ffffffffff"), ALL_RIGHTS);
	t.deepEqual(rights("0000003fffffffff", 37), ALL_RIGHTS);
});

test("what a host lacks itself, its containers do not get", (t) => {
	const { lowestOomScore, capabilities = [] } = rights("000001fffeffffff");
	t.is(lowestOomScore, -500);
	t.is(capabilities.length, 37);
	t.false(capabilities.includes("SYS_RESOURCE"));
	t.true(capabilities.includes("SYS_ADMIN"));
	t.like(rights("0000000001000001"), { lowestOomScore: -1000, capabilities: ["CHOWN", "SYS_RESOURCE"] });
});
