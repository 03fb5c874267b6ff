import test from "ava";
import type { Toleration } from "./scheduling.ts";
import { tolerates, untolerated } from "./taints.ts";

const taint = { key: "team", value: "blue", effect: "NoSchedule" } as const;

test("a toleration names key, value and effect, or leaves open what may be anything", (t) => {
	const cases: readonly [Toleration, boolean][] = [
		[{ key: "team", value: "blue" }, true],
		[{ key: "team", operator: "Equal", value: "blue", effect: "NoSchedule" }, true],
		[{ key: "team", operator: "Equal", value: "red" }, false],
		[{ key: "team", operator: "Exists" }, true],
		[{ key: "team", operator: "Exists", effect: "NoExecute" }, false],
		[{ key: "other", operator: "Exists" }, false],
		[{ operator: "Exists" }, true],
		[{ value: "blue" }, false],
	];
	for (const [toleration, expected] of cases) {
		t.is(tolerates(toleration, taint), expected, JSON.stringify(toleration));
	}
});

test("Gt and Lt compare numbers, and tolerate nothing that is none", (t) => {
	const memory = (value: string) => ({ key: "memory", value, effect: "NoExecute" }) as const;
	t.true(tolerates({ key: "memory", operator: "Gt", value: "10" }, memory("11")));
	t.false(tolerates({ key: "memory", operator: "Gt", value: "10" }, memory("10")));
	t.true(tolerates({ key: "memory", operator: "Lt", value: "10" }, memory("-9")));
	t.false(tolerates({ key: "memory", operator: "Lt", value: "10" }, memory("much")));
});

test("the first taint that stands in the way", (t) => {
	const preferred = { ...taint, effect: "PreferNoSchedule" } as const;
	t.is(untolerated([preferred, taint], [], ["NoSchedule"]), taint);
	t.is(untolerated([preferred, taint], [{ operator: "Exists" }], ["NoSchedule", "NoExecute"]), undefined);
});
