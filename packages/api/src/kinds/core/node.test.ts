import test from "ava";
import { completed, refusals, row, sampleMeta, updateRefusals } from "../testing/samples.ts";
import { Node, type NodeSpec, type NodeStatus } from "./node.ts";

const node = (spec: NodeSpec, status: NodeStatus = {}, labels: Record<string, string> = {}): Node => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: sampleMeta("host-1", { namespace: undefined, labels }),
	spec,
	status,
});
const info = {
	machineID: "",
	systemUUID: "",
	bootID: "",
	kernelVersion: "6.1.0",
	osImage: "Debian GNU/Linux 12",
	containerRuntimeVersion: "docker://28.0.0",
	kubeletVersion: "v1.36.0",
	kubeProxyVersion: "",
	operatingSystem: "linux",
	architecture: "amd64",
};

test("prints", (t) => {
	const ready = { type: "Ready", status: "True" };
	const labels = { "node-role.kubernetes.io/worker": "", "kubernetes.io/role": "control", other: "x" };
	const status = {
		conditions: [ready],
		addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
		nodeInfo: info,
	};
	t.deepEqual(Object.values(row(Node, node({ unschedulable: true }, status, labels))), [
		"Ready,SchedulingDisabled",
		"control,worker",
		"5m",
		"v1.36.0",
		"10.0.0.1",
		"<none>",
		"Debian GNU/Linux 12",
		"6.1.0",
		"docker://28.0.0",
	]);
	t.deepEqual(Object.values(row(Node, node({}))).slice(0, 4), ["Unknown", "<none>", "5m", ""]);
	t.is(row(Node, node({}, { conditions: [{ type: "Ready", status: "Unknown" }] })).Status, "NotReady");
});

test("defaults", (t) => {
	const whole = completed(Node, node({ podCIDR: "10.244.1.0/24" }, { capacity: { cpu: "4" } }));
	t.deepEqual(whole.spec, { podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.1.0/24"] });
	t.deepEqual(whole.status?.allocatable, { cpu: "4" });
});

test("judges", (t) => {
	const spec: NodeSpec = {
		podCIDRs: ["10.244.0.0/24", "10.244.1.0/24", "x"],
		taints: [
			{ key: "a", effect: "NoSchedule" },
			{ key: "a", effect: "NoSchedule", value: "b" },
			{ key: "b", effect: "Maybe" as "NoSchedule" },
		],
	};
	t.deepEqual(refusals(Node, node(spec)), [
		'spec.taints[2].effect: Unsupported value: "Maybe": supported values: "NoExecute", "NoSchedule", "PreferNoSchedule"',
		'spec.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule","value":"b"}: taints must be unique by key and effect pair',
		'spec.podCIDRs[2]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
		'spec.podCIDRs: Invalid value: ["10.244.0.0/24","10.244.1.0/24","x"]: may specify no more than one CIDR for each IP family',
	]);
});

test("address range and provider are set once", (t) => {
	const old = node({ podCIDR: "10.244.1.0/24", providerID: "a://1" });
	t.deepEqual(updateRefusals(Node, node({ podCIDR: "10.244.2.0/24", providerID: "a://2" }), old), [
		'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
		'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
	]);
	t.deepEqual(updateRefusals(Node, old, node({})), []);
});
