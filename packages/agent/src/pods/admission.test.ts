import type { Container, Node, Pod } from "@berth/api";
import test from "ava";
import { type AdmissionOptions, judge } from "./admission.ts";
import { IMAGE, podOf } from "./decide.world.ts";
import { PLAIN_RULES } from "./host-rules.ts";

const nodeOf = (changes: Partial<Node> = {}): Node => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: { ...podOf().metadata, name: "host-1", labels: { disk: "ssd" } },
	spec: {},
	status: { allocatable: { cpu: "2", memory: "1Gi", pods: "3", "example.com/gpu": "1" } },
	...changes,
});
const withContainer = (container: Partial<Container>, spec = {}) =>
	podOf({ containers: [{ name: "a", image: IMAGE, ...container }], ...spec });
const requesting = (requests: Readonly<Record<string, string>>) => withContainer({ resources: { requests } });
const onPort = (hostPort: number, more = {}) =>
	withContainer({ ports: [{ containerPort: 80, hostPort, ...more }] });
const rejected = (pod: Pod, options: Omit<AdmissionOptions, "rules">) =>
	judge(pod, { ...options, rules: PLAIN_RULES }).rejection;
const reason = (...args: Parameters<typeof rejected>) => rejected(...args)?.reason;

test("a pod that fits is taken on", (t) => {
	t.is(rejected(requesting({ cpu: "1", memory: "512Mi" }), { node: nodeOf(), others: [] }), undefined);
	const others = [requesting({ cpu: "2" })];
	t.is(rejected(podOf(), { node: nodeOf(), others }), undefined, "it asks for nothing");
	t.is(rejected(requesting({ cpu: "9" }), { node: { ...nodeOf(), status: {} }, others }), undefined);
});

test("what the node does not have", (t) => {
	const node = nodeOf();
	t.deepEqual(rejected(requesting({ cpu: "1500m" }), { node, others: [requesting({ cpu: "1" })] }), {
		phase: "Failed",
		reason: "OutOfcpu",
		message:
			"Pod was rejected: Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
	});
	t.is(reason(requesting({ memory: "2Gi" }), { node, others: [] }), "OutOfmemory");
	t.is(reason(podOf(), { node, others: [podOf(), podOf(), podOf()] }), "OutOfpods");
	const gpu = requesting({ "example.com/gpu": "1" });
	t.is(reason(gpu, { node, others: [gpu] }), "OutOfexample.com/gpu");
});

test("a pod that belongs elsewhere", (t) => {
	const node = nodeOf();
	t.is(reason(podOf({ nodeSelector: { disk: "ssd" } }), { node, others: [] }), undefined);
	t.is(reason(podOf({ nodeSelector: { disk: "hdd" } }), { node, others: [] }), "NodeAffinity");
	const tainted = nodeOf({ spec: { taints: [{ key: "gone", effect: "NoExecute" }] } });
	t.is(reason(podOf(), { node: tainted, others: [] }), "TaintToleration");
	t.is(reason(podOf({ tolerations: [{ operator: "Exists" }] }), { node: tainted, others: [] }), undefined);
});

test("a port of the host is one pod's at a time, by protocol and address", (t) => {
	const taken = (one: object, other: object) =>
		reason(onPort(8080, one), { node: nodeOf(), others: [onPort(8080, other)] });
	t.is(taken({}, {}), "NodePorts");
	t.is(taken({ protocol: "UDP" }, {}), undefined);
	t.is(taken({ hostIP: "127.0.0.1" }, { hostIP: "10.0.0.1" }), undefined);
	t.is(taken({ hostIP: "127.0.0.1" }, { hostIP: "0.0.0.0" }), "NodePorts");
	t.is(reason(onPort(8081), { node: nodeOf(), others: [onPort(8080)] }), undefined);
});

test("what the host's rules refuse", (t) => {
	const pod = podOf({ securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } });
	t.deepEqual(rejected(pod, { node: nodeOf(), others: [] }), {
		phase: "Failed",
		reason: "SysctlForbidden",
		message: 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
	});
});
