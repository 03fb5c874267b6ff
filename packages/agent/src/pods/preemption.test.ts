import type { Pod } from "@berth/api";
import test from "ava";
import { judge } from "./admission.ts";
import { IMAGE, podOf } from "./decide.world.ts";
import { PLAIN_RULES } from "./host-rules.ts";
import { victimsFor } from "./preemption.ts";

const CRITICAL = 2_000_000_000;
const named = (
	name: string,
	requests: Readonly<Record<string, string>>,
	spec: Partial<Pod["spec"]> = {},
): Pod => {
	const pod = podOf({ containers: [{ name: "a", image: IMAGE, resources: { requests } }], ...spec });
	return { ...pod, metadata: { ...pod.metadata, name, uid: name } };
};
const guaranteed = (name: string, cpu: string) => {
	const limits = { cpu, memory: "1Mi" };
	return named(name, limits, { containers: [{ name: "a", resources: { requests: limits, limits } }] });
};
const critical = named("dns", { cpu: "1" }, { priority: CRITICAL });
const victims = (missing: number, others: readonly Pod[], pod = critical) =>
	victimsFor(pod, [{ resource: "cpu", missing }], others)?.map(({ metadata }) => metadata.name);

test("lower classes go first, as few as possible, the smallest that suffice", (t) => {
	const big = named("big", { cpu: "900m" });
	const small = named("small", { cpu: "500m" });
	const tiny = named("tiny", { cpu: "100m" });
	t.deepEqual(victims(400, [big, small, tiny, guaranteed("g", "1")]), ["small"]);
	t.deepEqual(victims(950, [big, small, tiny]), ["big", "tiny"]);
	t.deepEqual(victims(2_000, [big, small, tiny, guaranteed("g", "1")]), ["big", "tiny", "g"]);
	t.is(victims(9_000, [big, small, tiny]), undefined);
});

test("who counts as much stays", (t) => {
	const other = named("other", { cpu: "1" }, { priority: CRITICAL });
	t.is(victims(500, [other]), undefined);
	t.deepEqual(victims(500, [other], named("node", { cpu: "1" }, { priority: CRITICAL + 1_000 })), ["other"]);
});

test("only for want of room, and only for critical pods, do others go", (t) => {
	const node = {
		...{ apiVersion: "v1", kind: "Node", spec: {} },
		metadata: { ...podOf().metadata, labels: {} },
		status: { allocatable: { cpu: "1", memory: "1Gi", pods: "9" } },
	};
	const options = { node, others: [named("web", { cpu: "1" })], rules: PLAIN_RULES };
	const admitted = judge(critical, options);
	t.deepEqual([admitted.rejection, admitted.victims, admitted.short], [undefined, options.others, "cpu"]);
	t.is(judge(named("plain", { cpu: "1" }), options).rejection?.reason, "OutOfcpu");
	const elsewhere = named("picky", { cpu: "1" }, { priority: CRITICAL, nodeSelector: { a: "b" } });
	t.is(judge(elsewhere, options).rejection?.reason, "NodeAffinity");
	const huge = judge(named("huge", { cpu: "7" }, { priority: CRITICAL }), options);
	t.is(huge.rejection?.reason, "UnexpectedAdmissionError");
	t.regex(huge.rejection?.message ?? "", /no set of running pods found .*\[\(res: cpu, q: 7000\), \]$/);
});
