import { LimitRange, PersistentVolumeClaim, Pod, PriorityClass, StorageClass } from "@berth/api";
import test from "ava";
import { openRegistry, type TestRegistry } from "../registry/testing/open-registry.ts";

const MERGE = "application/merge-patch+json";
const podBody = (resources: object = {}, spec: object = {}) => ({
	metadata: { name: "p" },
	spec: { containers: [{ name: "main", image: "nginx", resources }], ...spec },
});
const limit = (api: TestRegistry, item: object) =>
	api.ask("create", LimitRange, { body: { metadata: { name: "limits" }, spec: { limits: [item] } } });

test("containers get the defaults of their namespace, and it is told", async (t) => {
	await using api = await openRegistry();
	await limit(api, {
		type: "Container",
		default: { cpu: "500m", memory: "100Mi" },
		defaultRequest: { cpu: "100m" },
	});
	const pod = await api.value<Pod>("create", Pod, { body: podBody({ requests: { cpu: "200m" } }) });
	t.deepEqual(pod.spec.containers[0]?.resources, {
		requests: { cpu: "200m", memory: "100Mi" },
		limits: { cpu: "500m", memory: "100Mi" },
	});
	t.is(
		pod.metadata.annotations?.["kubernetes.io/limit-ranger"],
		"LimitRanger plugin set: memory request for container main; cpu, memory limit for container main",
	);
});

test("what is outside the limits is refused", async (t) => {
	await using api = await openRegistry();
	await limit(api, {
		type: "Container",
		min: { cpu: "100m" },
		max: { cpu: "1" },
		maxLimitRequestRatio: { cpu: "2" },
	});
	const refused = async (resources: object) =>
		(await api.failure("create", Pod, { body: podBody(resources) })).message;
	t.is(
		await refused({ requests: { cpu: "50m" }, limits: { cpu: "2" } }),
		'pods "p" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m, maximum cpu usage per Container is 1, but limit is 2, cpu max limit to request ratio per Container is 2, but provided ratio is 40.000000]',
	);
	await api.ask("delete", LimitRange, { name: "limits" });
	await limit(api, { type: "Pod", max: { memory: "1Gi" } });
	t.is(
		await refused({}),
		'pods "p" is forbidden: maximum memory usage per Pod is 1Gi.  No limit is specified',
	);
	await limitClaims(api);
	const claim = await api.failure("create", PersistentVolumeClaim, { body: claimBody("5Gi") });
	t.is(
		claim.message,
		'persistentvolumeclaims "data" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 5Gi',
	);
});

const limitClaims = (api: TestRegistry) =>
	api.ask("create", LimitRange, {
		body: {
			metadata: { name: "claims" },
			spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "2Gi" } }] },
		},
	});
const claimBody = (storage: string, spec: object = {}) => ({
	metadata: { name: "data" },
	spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...spec },
});

test("pods get the priority of their class", async (t) => {
	await using api = await openRegistry();
	const makeClass = (name: string, more: object) =>
		api.ask("create", PriorityClass, { body: { metadata: { name }, ...more } });
	await makeClass("high", { value: 1000, preemptionPolicy: "Never" });
	const made = async (name: string, spec: object) => {
		const body = { ...podBody({}, spec), metadata: { name } };
		const { priority, priorityClassName, preemptionPolicy } = (await api.value<Pod>("create", Pod, { body }))
			.spec;
		return [priorityClassName, priority, preemptionPolicy];
	};
	t.deepEqual(await made("a", {}), [undefined, 0, "PreemptLowerPriority"]);
	t.deepEqual(await made("b", { priorityClassName: "high" }), ["high", 1000, "Never"]);
	await makeClass("normal", { value: 10, globalDefault: true });
	t.deepEqual(await made("c", {}), ["normal", 10, "PreemptLowerPriority"]);
	const refused = async (spec: object) =>
		(await api.failure("create", Pod, { body: podBody({}, spec) })).message;
	t.is(
		await refused({ priorityClassName: "none" }),
		'pods "p" is forbidden: no PriorityClass with name none was found',
	);
	t.regex(
		await refused({ priority: 7 }),
		/the integer value of priority \(7\) must not be provided in pod spec/,
	);
	const second = await api.failure("create", PriorityClass, {
		body: { metadata: { name: "other" }, value: 1, globalDefault: true },
	});
	t.is(
		second.message,
		'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass normal is already marked as default. Only one default can exist',
	);
});

test("claims get the default class, and grow where it lets them", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", StorageClass, {
		body: {
			metadata: { name: "fast", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
			provisioner: "example.com/disk",
		},
	});
	const claim = await api.value<PersistentVolumeClaim>("create", PersistentVolumeClaim, {
		body: claimBody("1Gi"),
	});
	t.is(claim.spec.storageClassName, "fast");
	const bound = { name: "data", contentType: MERGE };
	await api.ask("patch", PersistentVolumeClaim, {
		...bound,
		subresource: "status",
		body: { status: { phase: "Bound", capacity: { storage: "1Gi" } } },
	});
	const grow = { ...bound, body: { spec: { resources: { requests: { storage: "2Gi" } } } } };
	t.regex(
		(await api.failure("patch", PersistentVolumeClaim, grow)).message,
		/the storageclass that provisions the pvc must support resize/,
	);
	await api.ask("patch", StorageClass, {
		name: "fast",
		contentType: MERGE,
		body: { allowVolumeExpansion: true },
	});
	await t.notThrowsAsync(api.ask("patch", PersistentVolumeClaim, grow));
});
