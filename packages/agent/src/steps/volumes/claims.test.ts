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
import { createClient, createFakeServer } from "@berth/client";
import test from "ava";
import { podOf } from "../../pods/decide.world.ts";
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
	const setUp = (of: Volume = volume) =>
		kind.setUp({
			volume: of,
			directory,
			scope: { pod, signal: life.signal, user: { uid: "u1", life: life.signal, changed: () => {} } },
		});
	return {
		client,
		pod,
		directory,
		setUp,
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
			'MountVolume.SetUp failed for volume "pv" : persistent volumes of type csi are not supported by this agent',
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

async function refusedWith(setUp: () => Promise<unknown>, words: string): Promise<boolean> {
	return setUp().then(
		() => false,
		(error: Error) => error.message.includes(words),
	);
}

async function until(question: () => Promise<boolean>): Promise<void> {
	while (!(await question())) await new Promise((resolve) => setTimeout(resolve, 2));
}
