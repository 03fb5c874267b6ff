import test from "ava";
import { tallyOf } from "./tally.ts";

const TAP =
	"> berth@0.1.0 unit\nTAP version 13\nok 1 - a\nnot ok 2 - b\n1..2\n# tests 2\n# pass 1\n# fail 1\n";

test("counts are read from among other lines", (t) => {
	t.deepEqual(tallyOf(TAP, 1), { passed: 1, failed: 1 });
});

test("a run that failed before any test is a failure", (t) => {
	t.deepEqual(tallyOf("lint: 3 errors\n", 1), { passed: 0, failed: 1 });
	t.deepEqual(tallyOf("# pass 5\n# fail 0\n", 1), { passed: 5, failed: 1 });
	t.deepEqual(tallyOf("# pass 5\n# fail 0\n", 0), { passed: 5, failed: 0 });
});
