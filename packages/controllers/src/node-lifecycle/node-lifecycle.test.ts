import type { Node, ObjectMeta, Pod, Taint, Toleration } from "@berth/api";
import test from "ava";
import { evictIn } from "./eviction.ts";
import { silentConditions, wantedTaints } from "./health.ts";

const NOW = Date.parse("2026-01-01T01:00:00Z");
const metadata: ObjectMeta = { name: "n", uid: "n", resourceVersion: "1", creationTimestamp: "" };
const node = (ready: string | undefined, taints: readonly Taint[] = []): Node => ({
	apiVersion: "v1",
	kind: "Node",
	metadata,
	spec: { taints },
	status: { conditions: ready === undefined ? [] : [{ type: "Ready", status: ready }] },
});
const pod = (...tolerations: readonly Toleration[]): Pod => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata,
	spec: { containers: [], tolerations },
});

test("a silent node becomes Unknown once, with Kubernetes' words", (t) => {
	const conditions = silentConditions(node("True"), NOW);
	t.is(
		conditions?.find((condition) => condition.type === "Ready")?.message,
		"Kubelet stopped posting node status.",
	);
	const silent = { ...node("True"), status: { conditions: conditions ?? [] } };
	t.is(silentConditions(silent, NOW), undefined);
});

test("taints follow the Ready condition and leave others' alone", (t) => {
	const mine: Taint = { key: "team", value: "a", effect: "NoSchedule" };
	t.is(wantedTaints(node("True", [mine]), NOW), undefined);
	const down = wantedTaints(node("Unknown", [mine]), NOW);
	t.deepEqual(
		down?.map((taint) => `${taint.key}:${taint.effect}`),
		[
			"team:NoSchedule",
			"node.kubernetes.io/unreachable:NoSchedule",
			"node.kubernetes.io/unreachable:NoExecute",
		],
	);
	t.is(wantedTaints(node("Unknown", down), NOW + 1000), undefined);
	t.deepEqual(wantedTaints(node("True", down), NOW), [mine]);
});

test("eviction: at once, after the shortest toleration, or never", (t) => {
	const taint: Taint = { key: "k", effect: "NoExecute" };
	const tainted = node("Unknown", [taint]);
	const since = () => NOW - 60_000;
	t.is(evictIn(pod(), tainted, NOW, since), 0);
	t.is(evictIn(pod({ operator: "Exists" }), tainted, NOW, since), undefined);
	const limited: Toleration = { key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 };
	t.is(evictIn(pod(limited), tainted, NOW, since), 240_000);
	t.is(evictIn(pod({ ...limited, tolerationSeconds: 10 }), tainted, NOW, since), 0);
	t.is(evictIn(pod(limited), node("True"), NOW, since), undefined);
});
