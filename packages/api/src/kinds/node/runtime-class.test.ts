import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { RuntimeClass } from "./runtime-class.ts";

test("RuntimeClass", (t) => {
	runKindTable(t, RuntimeClass, {
		sample: { handler: "runc", overhead: { podFixed: { cpu: "1" } } },
		updates: [[{ handler: "kata" }, ['handler: Invalid value: "kata": field is immutable']]],
		prints: [{}, ["runc", "5m"]],
	});
});
