import { Pod, RuntimeClass, type Toleration } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { openRegistry, type TestRegistry } from "../registry/testing/open-registry.ts";
import { mergeTolerations } from "./runtime-class.ts";

const containers = [{ name: "main", image: "nginx" }];
const podBody = (spec: object) => ({ metadata: { name: "p" }, spec: { containers, ...spec } });
const refusal = async (api: TestRegistry, spec: object) => {
	const { code, message } = await api.failure("create", Pod, { body: podBody(spec) });
	return [code, message.replace('pods "p" is forbidden: ', "")];
};
const makeClass = (api: TestRegistry, name: string, more: object = {}) =>
	api.ask("create", RuntimeClass, { body: { metadata: { name }, handler: "runc", ...more } });

test("the class that a pod names has to be there", async (t) => {
	await using api = await openRegistry();
	t.deepEqual(await refusal(api, { runtimeClassName: "x" }), [
		403,
		'pod rejected: RuntimeClass "x" not found',
	]);
	await makeClass(api, "x");
	const pod = await api.value<Pod>("create", Pod, { body: podBody({ runtimeClassName: "x" }) });
	t.is(pod.spec.overhead, undefined);
});

test("overhead is what the class says", async (t) => {
	await using api = await openRegistry();
	await makeClass(api, "plain");
	await makeClass(api, "costly", { overhead: { podFixed: { cpu: "100m", memory: "1Gi" } } });
	const other = { memory: "1Gi", cpu: "200m" };
	t.deepEqual(await refusal(api, { runtimeClassName: "costly", overhead: other }), [
		403,
		"pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
	]);
	for (const more of [{}, { runtimeClassName: "plain" }]) {
		t.deepEqual(await refusal(api, { ...more, overhead: other }), [
			403,
			"pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
		]);
	}
	const same = { memory: "1024Mi", cpu: "0.1" };
	const pod = await api.value<Pod>("create", Pod, {
		body: podBody({ runtimeClassName: "costly", overhead: same }),
	});
	t.deepEqual(pod.spec.overhead, { cpu: "100m", memory: "1Gi" });
});

test("nodes are those that both the class and the pod take", async (t) => {
	await using api = await openRegistry();
	const toleration = { key: "kata", operator: "Exists", effect: "NoSchedule" };
	await makeClass(api, "x", { scheduling: { nodeSelector: { arch: "a" }, tolerations: [toleration] } });
	t.deepEqual(await refusal(api, { runtimeClassName: "x", nodeSelector: { arch: "b" } }), [
		403,
		"conflict: runtimeClass.scheduling.nodeSelector[arch] = a; pod.spec.nodeSelector[arch] = b",
	]);
	const pod = await api.value<Pod>("create", Pod, {
		body: podBody({ runtimeClassName: "x", nodeSelector: { disk: "ssd" }, tolerations: [toleration] }),
	});
	t.deepEqual(pod.spec.nodeSelector, { disk: "ssd", arch: "a" });
	t.deepEqual(
		pod.spec.tolerations?.filter(({ key }) => key === "kata"),
		[toleration],
	);
});

test("tolerations that others cover are left out, and nothing else", (t) => {
	const wide: Toleration = { operator: "Exists" };
	const brief: Toleration = { key: "k", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 };
	const long: Toleration = { ...brief, tolerationSeconds: 9 };
	const equal: Toleration = { key: "k", value: "v", effect: "NoSchedule" };
	t.deepEqual(mergeTolerations([equal, wide]), [wide]);
	t.deepEqual(mergeTolerations([brief, long]), [long]);
	t.deepEqual(mergeTolerations([equal, { ...equal, value: "w" }]).length, 2);
	t.deepEqual(mergeTolerations([equal, { ...equal, key: "other", operator: "Exists" }]).length, 2);
	const one = fc.constantFrom(wide, brief, long, equal);
	fc.assert(
		fc.property(fc.array(one), (all) => {
			const merged = mergeTolerations(all);
			t.deepEqual(mergeTolerations(merged), merged);
			t.is(merged.length === 0, all.length === 0);
		}),
	);
});
