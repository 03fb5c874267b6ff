import { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { type ControllerFactory, runController } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test, { type ExecutionContext } from "ava";
import { createVolumeBinderController } from "./binder-controller.ts";
import { createEphemeralVolumeController } from "./ephemeral-controller.ts";
import {
	createClaimProtectionController,
	createVolumeProtectionController,
} from "./protection-controllers.ts";

const volume = (name: string, size: string, more: Partial<PersistentVolume["spec"]> = {}): PersistentVolume =>
	({
		apiVersion: "v1",
		kind: "PersistentVolume",
		metadata: { name, finalizers: ["kubernetes.io/pv-protection"] },
		spec: {
			capacity: { storage: size },
			accessModes: ["ReadWriteOnce"],
			hostPath: { path: `/data/${name}` },
			persistentVolumeReclaimPolicy: "Retain",
			...more,
		},
	}) as unknown as PersistentVolume;

const claim = (name: string, size: string, more: Partial<PersistentVolumeClaim["spec"]> = {}) =>
	({
		apiVersion: "v1",
		kind: "PersistentVolumeClaim",
		metadata: { namespace: "default", name, finalizers: ["kubernetes.io/pvc-protection"] },
		spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } }, ...more },
	}) as unknown as PersistentVolumeClaim;

const storageClass = (name: string, more: object = {}): StorageClass =>
	({
		apiVersion: "storage.k8s.io/v1",
		kind: "StorageClass",
		metadata: { name },
		provisioner: "kubernetes.io/no-provisioner",
		...more,
	}) as unknown as StorageClass;

async function setUp(t: ExecutionContext) {
	const clock = createFakeClock();
	const server = createFakeServer();
	const client = createClient(server);
	const log = silentLogger;
	const informers = createInformers({ client, clock, log, random: () => 0.5 });
	const told: string[] = [];
	const tell = (about: { metadata: { name: string } }, reason: string, message: string) =>
		told.push(`${about.metadata.name} ${reason}: ${message}`);
	const events = { normal: tell, warning: tell };
	const stop = new AbortController();
	const factories: ControllerFactory[] = [
		createVolumeBinderController,
		createEphemeralVolumeController,
		createClaimProtectionController,
		createVolumeProtectionController,
	];
	const running = factories.map((create) =>
		runController(create({ client, informers, events, clock, log }), { clock, log, signal: stop.signal }),
	);
	const started = informers.start(stop.signal);
	t.teardown(async () => {
		stop.abort();
		await Promise.all([...running, started]);
	});
	const settle = () => clock.advance(100);
	const phase = (name: string) => {
		const all = [
			...server.objects<PersistentVolume>(PersistentVolume),
			...server.objects<PersistentVolumeClaim>(PersistentVolumeClaim),
		];
		return all.find(({ metadata }) => metadata.name === name)?.status?.phase;
	};
	const volumeOf = (name: string) =>
		server
			.objects<PersistentVolumeClaim>(PersistentVolumeClaim)
			.find(({ metadata }) => metadata.name === name)?.spec.volumeName;
	const pv = (name: string) =>
		server.objects<PersistentVolume>(PersistentVolume).find(({ metadata }) => metadata.name === name);
	await settle();
	return { client, server, clock, settle, phase, volumeOf, pv, told };
}

test("a claim gets the smallest volume that will do, and both say so", async (t) => {
	const { client, server, settle, phase, volumeOf, pv } = await setUp(t);
	for (const [name, size] of [
		["large", "5Gi"],
		["small", "1Gi"],
		["fit", "2Gi"],
	] as const)
		await client.create(PersistentVolume, volume(name, size));
	await settle();
	t.is(phase("fit"), "Available");
	const told = { phase: "Available" as const, message: "looks good", reason: "Inspected" };
	await client.updateStatus(PersistentVolume, { ...(pv("large") as PersistentVolume), status: told });
	await settle();
	t.like(pv("large")?.status, told, "what others say of it stays");
	await client.create(PersistentVolumeClaim, claim("data", "1500Mi"));
	await settle();
	t.is(volumeOf("data"), "fit");
	t.is(phase("data"), "Bound");
	t.is(phase("fit"), "Bound");
	const [bound] = server.objects<PersistentVolumeClaim>(PersistentVolumeClaim);
	t.like(bound?.status, { capacity: { storage: "2Gi" }, accessModes: ["ReadWriteOnce"] });
	t.is(bound?.metadata.annotations?.["pv.kubernetes.io/bind-completed"], "yes");
	t.like(pv("fit")?.spec.claimRef, { namespace: "default", name: "data", uid: bound?.metadata.uid });
});

test("two claims never share a volume; one that waits is served when another volume comes", async (t) => {
	const { client, settle, phase, volumeOf, told } = await setUp(t);
	await client.create(PersistentVolume, volume("only", "1Gi"));
	await client.create(PersistentVolumeClaim, claim("one", "1Gi"));
	await client.create(PersistentVolumeClaim, claim("two", "1Gi"));
	await settle();
	t.deepEqual([phase("one"), phase("two")].sort(), ["Bound", "Pending"]);
	t.true(
		told.some((each) =>
			each.endsWith(
				"FailedBinding: no persistent volumes available for this claim and no storage class is set",
			),
		),
	);
	await client.create(PersistentVolume, volume("next", "1Gi"));
	await settle();
	t.deepEqual([volumeOf("one"), volumeOf("two")].sort(), ["next", "only"]);
});

test("class, mode, size and labels must suit; a volume kept for a claim, and a claim that names its volume", async (t) => {
	const { client, settle, phase, volumeOf, told } = await setUp(t);
	await client.create(PersistentVolume, volume("classy", "1Gi", { storageClassName: "fast" }));
	await client.create(PersistentVolume, volume("block", "1Gi", { volumeMode: "Block" }));
	await client.create(
		PersistentVolume,
		volume("kept", "1Gi", { claimRef: { namespace: "default", name: "mine" } as never }),
	);
	await client.create(PersistentVolumeClaim, claim("other", "1Gi"));
	await settle();
	t.is(phase("other"), "Pending");
	t.is(phase("kept"), "Available");
	await client.create(PersistentVolumeClaim, claim("mine", "1Gi"));
	await settle();
	t.is(volumeOf("mine"), "kept");
	await client.create(PersistentVolumeClaim, claim("wrong", "1Gi", { volumeName: "classy" }));
	await settle();
	t.is(phase("wrong"), "Pending");
	t.true(
		told.includes(
			'wrong VolumeMismatch: Cannot bind to requested volume "classy": storageClassName does not match',
		),
	);
	await client.create(PersistentVolumeClaim, claim("greedy", "1Gi", { volumeName: "kept" }));
	await settle();
	t.true(told.includes('greedy FailedBinding: volume "kept" already bound to a different claim.'));
	await client.create(
		PersistentVolumeClaim,
		claim("right", "1Gi", { volumeName: "classy", storageClassName: "fast" }),
	);
	await settle();
	t.is(phase("right"), "Bound");
});

test("when the claim goes: kept, or failed where nobody can delete it", async (t) => {
	const { client, settle, phase, told, pv } = await setUp(t);
	await client.create(PersistentVolume, volume("retained", "1Gi"));
	await client.create(PersistentVolume, volume("doomed", "2Gi", { persistentVolumeReclaimPolicy: "Delete" }));
	await client.create(PersistentVolumeClaim, claim("a", "1Gi"));
	await client.create(PersistentVolumeClaim, claim("b", "2Gi"));
	await settle();
	for (const name of ["a", "b"]) await client.delete(PersistentVolumeClaim, { namespace: "default", name });
	await settle();
	t.is(phase("retained"), "Released");
	t.is(phase("doomed"), "Failed");
	t.regex(pv("doomed")?.status?.message ?? "", /no deletable volume plugin matched/);
	t.true(told.some((each) => each.startsWith("doomed VolumeFailedDelete")));
});

test("what is in use is not taken away", async (t) => {
	const { client, settle, phase, pv } = await setUp(t);
	await client.create(PersistentVolume, volume("disk", "1Gi"));
	await client.create(PersistentVolumeClaim, claim("data", "1Gi"));
	await settle();
	await client.create(Pod, {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { namespace: "default", name: "user" },
		spec: {
			nodeName: "n",
			containers: [],
			volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }],
		},
	} as never);
	await settle();
	await client.delete(PersistentVolume, { name: "disk" });
	await client.delete(PersistentVolumeClaim, { namespace: "default", name: "data" });
	await settle();
	t.is(phase("data"), "Bound");
	t.truthy(pv("disk"));
	await client.delete(Pod, { namespace: "default", name: "user" }, { gracePeriodSeconds: 0 });
	await settle();
	t.is(phase("data"), undefined);
	t.is(pv("disk"), undefined, "its deletion was waiting for the claim");
});

test("a class that waits for the pod, one without a provisioner, one with, and a default that comes late", async (t) => {
	const { client, server, settle, phase, volumeOf, told } = await setUp(t);
	await client.create(StorageClass, storageClass("local", { volumeBindingMode: "WaitForFirstConsumer" }));
	await client.create(StorageClass, storageClass("hand"));
	await client.create(StorageClass, storageClass("cloud", { provisioner: "example.com/disks" }));
	await client.create(PersistentVolume, volume("disk", "1Gi", { storageClassName: "local" }));
	await settle();
	for (const name of ["local", "hand", "cloud", "none"])
		await client.create(PersistentVolumeClaim, claim(`c-${name}`, "1Gi", { storageClassName: name }));
	await client.create(PersistentVolumeClaim, claim("open", "1Gi"));
	await settle();
	t.is(phase("c-local"), "Pending");
	t.true(
		told.includes("c-local WaitForFirstConsumer: waiting for first consumer to be created before binding"),
	);
	t.true(
		told.includes("c-hand ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner"),
	);
	t.true(told.includes('c-none ProvisioningFailed: storageclass.storage.k8s.io "none" not found'));
	t.true(told.some((each) => each.startsWith("c-cloud ExternalProvisioning: Waiting for a volume")));
	const find = (name: string) =>
		server
			.objects<PersistentVolumeClaim>(PersistentVolumeClaim)
			.find(({ metadata }) => metadata.name === name);
	t.is(
		find("c-cloud")?.metadata.annotations?.["volume.kubernetes.io/storage-provisioner"],
		"example.com/disks",
	);
	const marks = { "storageclass.kubernetes.io/is-default-class": "true" };
	await client.create(StorageClass, storageClass("late", { metadata: { name: "late", annotations: marks } }));
	await settle();
	t.is(find("open")?.spec.storageClassName, "late");
	await client.create(PersistentVolume, volume("late-disk", "1Gi", { storageClassName: "late" }));
	await settle();
	t.is(volumeOf("open"), "late-disk");
});

test("a volume that lives as long as its pod gets a claim of its own, once", async (t) => {
	const { client, server, settle, phase } = await setUp(t);
	await client.create(PersistentVolume, volume("disk", "1Gi"));
	const { spec } = claim("template", "1Gi");
	const volumeClaimTemplate = { metadata: { labels: { app: "a" } }, spec };
	const made = await client.create(Pod, {
		metadata: { namespace: "default", name: "user" },
		spec: { containers: [], volumes: [{ name: "scratch", ephemeral: { volumeClaimTemplate } }] },
	} as never);
	await settle();
	t.is(phase("user-scratch"), "Bound");
	const [own] = server.objects<PersistentVolumeClaim>(PersistentVolumeClaim);
	t.like(own?.metadata, { labels: { app: "a" } });
	t.like(own?.metadata.ownerReferences?.[0], {
		kind: "Pod",
		name: "user",
		uid: made.metadata.uid,
		controller: true,
	});
	t.is(
		server.calls.filter(({ method, path }) => method === "POST" && path.endsWith("/persistentvolumeclaims"))
			.length,
		1,
	);
});
