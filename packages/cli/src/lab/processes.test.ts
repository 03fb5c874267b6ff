import test from "ava";
import { factsOf } from "./processes.ts";

test("the first process of a PID namespace is seen with both of its numbers", (t) => {
	const status = "Name:\tbash\nState:\tS (sleeping)\nTgid:\t8156\nPid:\t8156\nPPid:\t8154\nNSpid:\t8156\t1\n";
	t.deepEqual(factsOf(8156, status), {
		pid: 8156,
		numbers: [8156, 1],
		parent: 8154,
		name: "bash",
		zombie: false,
	});
});

test("a dead process that nobody has asked about is a zombie", (t) => {
	t.true(factsOf(5, "Name:\tdockerd\nState:\tZ (zombie)\nPPid:\t1\nNSpid:\t5\n").zombie);
});
