import test from "ava";
import { describeFailure, Failure } from "./failure.ts";

test("a failure says what is wrong and what to do", (t) => {
	t.is(
		describeFailure(new Failure("port 6443 is taken", "choose another"), false),
		"berth: port 6443 is taken\n  choose another",
	);
});

test("an unexpected error shows its stack only on request", (t) => {
	const error = new TypeError("x is not a function");
	t.is(describeFailure(error, false), "berth: x is not a function");
	t.regex(describeFailure(error, true), /failure\.test\.ts/);
	t.is(describeFailure("plain", false), "berth: plain");
});
