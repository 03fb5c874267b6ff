/** What only the node's agent does, on real hosts with real credentials, as users and operators meet it. */
import { isDeepStrictEqual } from "node:util";
import test from "ava";
import { eventually, expect, type Kubectl, kubectlIn, namespaceFor, onHost } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-node");
const HOST = "host-1";
/** As agent.yaml says. */
const MANIFESTS = "/var/lib/berth/manifests";

interface Shown {
	readonly metadata: { readonly uid: string; readonly generation: number; readonly resourceVersion: string };
	readonly spec: object;
	readonly status: {
		readonly phase: string;
		readonly observedGeneration?: number;
		readonly conditions: readonly {
			readonly type: string;
			readonly status: string;
			readonly reason?: string;
		}[];
		readonly containerStatuses?: readonly {
			readonly restartCount: number;
			readonly resources?: object;
			readonly state: { readonly waiting?: { readonly reason: string; readonly message?: string } };
		}[];
	};
}

const shown = (name: string) => kubectl.json<Shown>("get", "pod", name);
const conditionOf = ({ status }: Shown, wanted: string) =>
	status.conditions.find(({ type }) => type === wanted);
const exec = (name: string, script: string) => kubectl("exec", name, "--", "sh", "-c", script);
const ready = (name: string) => kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=90s");

/** A pod of one container on HOST; `more` are lines of the container, `spec` of the pod. */
const create = (
	name: string,
	{ more = "", spec = "", command = '["sleep", "1000"]' } = {},
	to: Kubectl = kubectl,
) => to.apply(manifest(name, { more, spec: `  nodeName: ${HOST}\n${spec}`, command }));

const manifest = (name: string, { more = "", spec = "", command = "" }) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  terminationGracePeriodSeconds: 0
${spec}
  containers:
    - name: main
      image: berth/tools:1
      command: ${command}
${more}
`;

test("a file on a host is a pod, and the API shows it whatever others do there", async (t) => {
	const write = (port: number) => {
		const command = JSON.stringify([
			"sh",
			"-c",
			`while true; do echo v${port} | nc -l -p ${port} >/dev/null; done`,
		]);
		const text = manifest("guard", { command, spec: "  hostNetwork: true" });
		return onHost(
			HOST,
			"sh",
			"-c",
			`mkdir -p ${MANIFESTS} && printf '%s' '${text}' > ${MANIFESTS}/guard.yaml`,
		);
	};
	const system = kubectlIn("default");
	const mirror = async () => system.json<Shown>("get", "pod", `guard-${HOST}`);
	try {
		await write(18_080);
		await eventually(async () => expect((await mirror()).status.phase === "Running", "it does not run"));
		const first = await mirror();
		await system("delete", "pod", `guard-${HOST}`, "--grace-period=0", "--force");
		await eventually(async () =>
			expect((await mirror()).metadata.uid !== first.metadata.uid, "it is not back"),
		);
		const containers = () =>
			onHost(HOST, "docker", "ps", "-q", "--filter", `label=io.kubernetes.pod.name=guard-${HOST}`);
		t.is((await containers()).trim().split("\n").length, 2, "neither restarted nor doubled");
		await write(18_081);
		await eventually(async () => expect((await system("logs", `guard-${HOST}`)) !== undefined, "no logs"));
		await eventually(async () => {
			const { spec } = await mirror();
			expect(JSON.stringify(spec).includes("18081"), "it is still the old one");
		});
	} finally {
		await onHost(HOST, "rm", "-f", `${MANIFESTS}/guard.yaml`);
	}
	await eventually(async () => {
		expect(
			(await system.try("get", "pod", `guard-${HOST}`)).stderr.includes("not found"),
			"it is still there",
		);
	});
});

test("a running pod is given more and less through the resize subresource", async (t) => {
	await create("sized", {
		more: `
      resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
      resources: {requests: {cpu: 20m, memory: 32Mi}, limits: {cpu: 30m, memory: 48Mi}}`,
	});
	await ready("sized");
	const resize = (resources: object) =>
		kubectl.try(
			"patch",
			...["pod", "sized", "--subresource=resize", "--type=strategic", "--patch"],
			JSON.stringify({ spec: { containers: [{ name: "main", resources }] } }),
		);
	const given = async (resources: object, restartCount: number) =>
		eventually(async () => {
			const pod = await shown("sized");
			const [container] = pod.status.containerStatuses ?? [];
			expect(
				isDeepStrictEqual(container?.resources, resources),
				`it has ${JSON.stringify(container?.resources)}`,
			);
			expect(container?.restartCount === restartCount, `restarted ${container?.restartCount} times`);
			expect(pod.status.observedGeneration === pod.metadata.generation, "not observed");
			expect(!conditionOf(pod, "PodResizeInProgress"), "in progress");
			expect(conditionOf(pod, "Ready")?.status === "True", "not ready");
		});
	const kernel = async () =>
		(
			await exec(
				"sized",
				"cd /sys/fs/cgroup; cat cpu.max memory.max 2>/dev/null || cat cpu/cpu.cfs_quota_us memory/memory.limit_in_bytes",
			)
		).split(/\s+/)[0];
	const faster = { requests: { cpu: "25m", memory: "32Mi" }, limits: { cpu: "40m", memory: "48Mi" } };
	t.is((await resize(faster)).code, 0);
	await given(faster, 0);
	t.is(await kernel(), "4000");
	const asking = { ...faster, requests: { cpu: "25m", memory: "40Mi" } };
	t.is((await resize(asking)).code, 0);
	await given(asking, 1);
	t.regex((await resize({ limits: null })).stderr, /resource limits cannot be removed/);
});

test("gates that others open and close count at once", async (t) => {
	const gates = "  readinessGates: [{conditionType: example.com/a}, {conditionType: example.com/b}]";
	await create("gated", { spec: gates });
	await kubectl("wait", "--for=condition=ContainersReady", "pod/gated", "--timeout=90s");
	const say = (type: string, status: string) =>
		kubectl(
			"patch",
			...["pod", "gated", "--subresource=status", "--type=strategic", "--patch"],
			JSON.stringify({ status: { conditions: [{ type, status }] } }),
		);
	const readiness = (status: string) =>
		kubectl("wait", `--for=condition=Ready=${status}`, "pod/gated", "--timeout=30s");
	for (let round = 0; round < 5; round++) {
		await say("example.com/a", "True");
		await say("example.com/b", "True");
		await readiness("True");
		await say("example.com/a", "False");
		await readiness("False");
		const pod = await shown("gated");
		t.is(conditionOf(pod, "example.com/a")?.status, "False");
		t.is(conditionOf(pod, "Ready")?.reason, "ReadinessGatesNotReady");
	}
});

test("a part of a volume that cannot be named yet is waited for", async (t) => {
	await create("part", {
		spec: "  volumes: [{name: scratch, emptyDir: {}}]",
		more: `
      env: [{name: PART, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['part']"}}}]
      volumeMounts: [{name: scratch, mountPath: /part, subPathExpr: $(PART)}, {name: scratch, mountPath: /all}]`,
	});
	const waiting = async () => (await shown("part")).status.containerStatuses?.[0]?.state.waiting;
	await eventually(async () =>
		expect((await waiting())?.reason === "CreateContainerConfigError", "it does not wait yet"),
	);
	t.regex((await waiting())?.message ?? "", /missing value for PART/);
	await kubectl("annotate", "pod", "part", "part=mine");
	await ready("part");
	t.is(await exec("part", "touch /part/x && ls /all"), "mine\n");
});

test("privileged containers mount for their host, and for others of it", async (t) => {
	const place = "/var/lib/berth/e2e-shared";
	const volumes = `  volumes: [{name: shared, hostPath: {path: ${place}, type: DirectoryOrCreate}}]`;
	const mount = (mountPropagation: string) => `
      volumeMounts: [{name: shared, mountPath: /shared, mountPropagation: ${mountPropagation}}]`;
	await create("mounter", {
		spec: volumes,
		more: `${mount("Bidirectional")}\n      securityContext: {privileged: true}`,
	});
	await create("follower", { spec: volumes, more: mount("HostToContainer") });
	await create("apart", { spec: volumes, more: mount("None") });
	for (const name of ["mounter", "follower", "apart"]) await ready(name);
	await exec(
		"mounter",
		"mkdir -p /shared/tmp && mount -t tmpfs tmp /shared/tmp && echo here > /shared/tmp/file",
	);
	try {
		t.is(await onHost(HOST, "cat", `${place}/tmp/file`), "here\n");
		t.is(await exec("follower", "cat /shared/tmp/file"), "here\n");
		t.is(await exec("apart", "ls /shared/tmp"), "");
	} finally {
		await exec("mounter", "umount /shared/tmp");
	}
});

test("a node owns its sign of life", async (t) => {
	const path = "jsonpath={.metadata.ownerReferences[*].uid}";
	await eventually(async () => {
		const uid = await kubectl("get", "node", HOST, "-o", "jsonpath={.metadata.uid}");
		const owner = await kubectl("get", "lease", HOST, "--namespace", "kube-node-lease", "-o", path);
		expect(owner === uid, `owned by ${owner}`);
		t.pass();
	});
});

test("claims on devices are kept as drivers and schedulers write them", async (t) => {
	await kubectl.apply(`
apiVersion: resource.k8s.io/v1
kind: DeviceClass
metadata: {name: e2e.example.com}
spec: {selectors: [{cel: {expression: 'device.driver == "e2e.example.com"'}}]}
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: claim}
spec: {devices: {requests: [{name: one, exactly: {deviceClassName: e2e.example.com}}]}}
`);
	try {
		const results = [{ request: "one", driver: "e2e.example.com", pool: "p", device: "d" }];
		const status = { allocation: { devices: { results } } };
		await kubectl(
			"patch",
			...["resourceclaim", "claim", "--subresource=status", "--type=merge", "--patch"],
			JSON.stringify({ status }),
		);
		const claim = await kubectl.json<{ status: typeof status }>("get", "resourceclaim", "claim");
		t.deepEqual(claim.status.allocation.devices.results, results);
	} finally {
		await kubectl("delete", "deviceclass", "e2e.example.com");
	}
});
