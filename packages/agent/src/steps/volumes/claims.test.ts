import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	Node,
	PersistentVolume,
	PersistentVolumeClaim,
	type Pod,
	silentLogger,
	systemClock,
	type Volume,
} from "@berth/api";
import { type Client, createClient, createFakeServer } from "@berth/client";
import test from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { podIdOf } from "../../pods/labels.ts";
import { createReferences } from "../references.ts";
import { claimKind } from "./claims.ts";

const place = { namespace: "default", name: "data" };
const volume: Volume = { name: "v", persistentVolumeClaim: { claimName: "data" } };

async function bench() {
	const server = createFakeServer();
	const client = createClient(server);
	const references = createReferences({ client, clock: systemClock, log: silentLogger });
	const kind = claimKind({ client, references });
	const life = new AbortController();
	const directory = await mkdtemp(join(tmpdir(), "berth-claim-"));
	const pod: Pod = podOf({ nodeName: "here" });
	const setUp = (of: Volume = volume, by: Pod = pod) =>
		kind.setUp({
			volume: of,
			directory,
			scope: { pod: by, signal: life.signal, user: { uid: "u1", life: life.signal, changed: () => {} } },
		});
	return {
		client,
		pod,
		directory,
		setUp,
		release: (by: Pod) => kind.release?.(podIdOf(by), directory),
		async [Symbol.asyncDispose]() {
			life.abort();
			await rm(directory, { recursive: true });
		},
	};
}

const claimOf = (phase: string, volumeName?: string) => ({
	metadata: place,
	spec: volumeName === undefined ? {} : { volumeName },
	status: { phase },
});

test("a claim is followed to the directory of this host that it stands for", async (t) => {
	await using b = await bench();
	const { client, setUp, directory } = b;
	const processing =
		"Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC default/data: ";
	const refused = (message: string) => t.throwsAsync(setUp(), { message: `${processing}${message}` });
	await refused('failed to fetch PVC from API server: persistentvolumeclaims "data" not found');
	await client.create(PersistentVolumeClaim, claimOf("Pending") as never);
	await until(() => refusedWith(setUp, "PVC is not bound"));
	await refused("PVC is not bound");

	const merge = { type: "merge" } as const;
	const { status, ...claim } = claimOf("Bound", "pv");
	await client.patch(PersistentVolumeClaim, place, claim, merge);
	await client.patch(PersistentVolumeClaim, place, { status }, { ...merge, subresource: "status" });
	await until(() => refusedWith(setUp, '"pv" not found'));
	const { uid } = (await client.get(PersistentVolumeClaim, place)).metadata;
	const terms = (value: string) => [{ matchExpressions: [{ key: "disk", operator: "In", values: [value] }] }];
	await client.create(Node, { metadata: { name: "here", labels: { disk: "fast" } } } as never);
	await client.create(PersistentVolume, {
		metadata: { name: "pv" },
		spec: {
			claimRef: { uid },
			local: { path: join(directory, "none") },
			nodeAffinity: { required: { nodeSelectorTerms: terms("slow") } },
		},
	} as never);
	await t.throwsAsync(setUp(), {
		message: 'MountVolume.NodeAffinity check failed for volume "pv" : no matching NodeSelectorTerms',
	});
	const change = (spec: object) => client.patch(PersistentVolume, { name: "pv" }, { spec }, merge);
	await change({ nodeAffinity: { required: { nodeSelectorTerms: terms("fast") } } });
	await t.throwsAsync(setUp(), {
		message: `MountVolume.NewMounter initialization failed for volume "pv" : path "${directory}/none" does not exist`,
	});
	await change({ local: { path: directory } });
	t.is(await setUp(), directory);
	await change({ local: null, csi: { driver: "disk.example.com", volumeHandle: "1" } });
	await t.throwsAsync(setUp(), {
		message:
			'MountVolume.NewMounter initialization failed for volume "pv" : driver name disk.example.com not found in the list of registered CSI drivers',
	});
	await change({ claimRef: { uid: "another" } });
	await t.throwsAsync(setUp(), { message: /bound to the claim with uid another/ });
});

test("a claim made for a pod is that pod's only", async (t) => {
	await using b = await bench();
	const ephemeral: Volume = { name: "data", ephemeral: {} };
	const name = `${b.pod.metadata.name}-data`;
	await b.client.create(PersistentVolumeClaim, {
		metadata: { namespace: "default", name },
		spec: {},
	} as never);
	await t.throwsAsync(b.setUp(ephemeral), { message: /was not created for pod default\/.*pod is not owner/ });
});

/** A claim that is bound, to a persistent volume that is. */
async function bound(client: Client, spec: Partial<PersistentVolume["spec"]>, volumeMode?: string) {
	await client.create(PersistentVolumeClaim, {
		metadata: place,
		spec: { volumeName: "pv", volumeMode },
	} as never);
	const status = { status: { phase: "Bound" } };
	const write = { type: "merge", subresource: "status" } as const;
	const { uid } = (await client.patch(PersistentVolumeClaim, place, status, write)).metadata;
	await client.create(PersistentVolume, {
		metadata: { name: "pv" },
		spec: { claimRef: { uid }, volumeMode, ...spec },
	} as never);
}

test("a volume for one pod alone is nobody else's until that pod lets go", async (t) => {
	await using b = await bench();
	const { client, directory, pod, setUp } = b;
	const other: Pod = { ...pod, metadata: { ...pod.metadata, name: "other", uid: "u2" } };
	await bound(client, { hostPath: { path: directory }, accessModes: ["ReadWriteOncePod"] });
	t.is(await setUp(), directory);
	t.is(await setUp(), directory);
	await t.throwsAsync(setUp(volume, other), {
		message:
			'MountVolume.SetUp failed for volume "pv" : volume uses the ReadWriteOncePod access mode and is already in use by another pod',
	});
	await b.release(pod);
	t.is(await setUp(volume, other), directory);
	const several = { accessModes: ["ReadWriteOncePod", "ReadWriteMany"] };
	await client.patch(PersistentVolume, { name: "pv" }, { spec: several }, { type: "merge" });
	t.is(await setUp(), directory);
});

test("a block volume is a device to containers, and nothing else is", async (t) => {
	await using b = await bench();
	const { client, directory, pod, setUp } = b;
	const using = (field: "volumeMounts" | "volumeDevices", mode: string) => ({
		...podOf({
			nodeName: "here",
			containers: [
				field === "volumeMounts"
					? { name: "c", volumeMounts: [{ name: "v", mountPath: "/v" }] }
					: { name: "c", volumeDevices: [{ name: "v", devicePath: "/dev/v" }] },
			],
		}),
		metadata: { ...pod.metadata, name: mode },
	});
	await bound(client, { local: { path: directory } }, "Block");
	const refused = (by: Pod, message: string | RegExp) => t.throwsAsync(setUp(volume, by), { message });
	await refused(
		using("volumeMounts", "a"),
		/volume v has volumeMode Block, but is specified in volumeMounts$/,
	);
	const device = using("volumeDevices", "b");
	await refused(
		device,
		`MapVolume.MapPodDevice failed for volume "pv" : path "${directory}" is not a block device`,
	);
	const merge = { type: "merge" } as const;
	const change = (spec: object) => client.patch(PersistentVolume, { name: "pv" }, { spec }, merge);
	await change({ local: { path: `${directory}/none` } });
	await refused(
		device,
		/^MapVolume.NewBlockVolumeMapper initialization failed for volume "pv" : path .* does not exist$/,
	);
	await change({ local: null, hostPath: { path: directory } });
	await refused(
		device,
		/persistent volumes of type hostPath are not supported as block devices by this agent$/,
	);
	await client.patch(PersistentVolumeClaim, place, { spec: { volumeMode: null } }, merge);
	await until(() =>
		refusedWith(() => setUp(volume, device), "volumeMode Filesystem, but is specified in volumeDevices"),
	);
	await change({ volumeMode: null });
	t.is(await setUp(volume, using("volumeMounts", "a")), directory);
});

async function refusedWith(setUp: () => Promise<unknown>, words: string): Promise<boolean> {
	return setUp().then(
		() => false,
		(error: Error) => error.message.includes(words),
	);
}

async function until(question: () => Promise<boolean>): Promise<void> {
	while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 2));
}
