import { silentLogger, systemClock, type Volume } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import test from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { createReferences } from "../references.ts";
import { memorySize, pageSize } from "./empty-dir.ts";
import { onlyUserOf, payloadOf } from "./sources.ts";
import type { Tokens } from "./tokens.ts";
import { volumesInUse } from "./volume-use.ts";

const MI = 1_048_576;
const limited = (limits: Readonly<Record<string, string>>) =>
	podOf({ containers: [{ name: "a", resources: { limits } }] });

test("memory: the least of the volume's limit and the pod's, or else the node's", (t) => {
	const bounded: Volume = { name: "v", emptyDir: { medium: "Memory", sizeLimit: "8Mi" } };
	const open: Volume = { name: "v", emptyDir: { medium: "Memory" } };
	const node = { memory: "64Mi" };
	t.is(memorySize(bounded, podOf(), node), 8 * MI);
	t.is(memorySize(bounded, limited({ memory: "4Mi" }), node), 4 * MI);
	t.is(memorySize(open, limited({ memory: "128Mi" }), node), 128 * MI);
	t.is(memorySize(open, podOf(), node), 64 * MI);
	t.is(memorySize(open, podOf(), {}), undefined);
	const whole = { ...limited({}).spec, resources: { limits: { memory: "2Mi" } } };
	t.is(memorySize(open, podOf(whole), node), 2 * MI);
});

test("huge pages: of the size that the medium names, or the only one that is asked for", (t) => {
	t.is(pageSize("HugePages", limited({ "hugepages-2Mi": "4Mi" })), "2M");
	t.is(pageSize("HugePages-1Gi", limited({ "hugepages-2Mi": "4Mi", "hugepages-1Gi": "1Gi" })), "1G");
	t.throws(() => pageSize("HugePages", limited({})), { message: /of one size, these request 0/ });
	t.throws(() => pageSize("HugePages-1Gi", limited({ "hugepages-2Mi": "4Mi" })), {
		message: /hugepages-1Gi/,
	});
});

test("volumes that no container uses are nobody's concern", (t) => {
	const pod = podOf({
		containers: [
			{
				name: "a",
				volumeMounts: [{ name: "x", mountPath: "/x" }],
				volumeDevices: [{ name: "w", devicePath: "/dev/w" }],
			},
		],
		initContainers: [
			{
				name: "i",
				env: [{ name: "A", valueFrom: { fileKeyRef: { volumeName: "y", path: "f", key: "A" } } }],
			},
		],
		volumes: [{ name: "w" }, { name: "x" }, { name: "y" }, { name: "z" }],
	});
	t.deepEqual([...volumesInUse(pod)].sort(), ["w", "x", "y"]);
});

test("the one user of all containers", (t) => {
	const user = (runAsUser: number) => ({ securityContext: { runAsUser } });
	t.is(onlyUserOf(podOf({ containers: [{ name: "a" }] })), undefined);
	t.is(onlyUserOf(podOf({ containers: [{ name: "a", ...user(5) }] })), 5);
	t.is(onlyUserOf(podOf({ ...user(7), containers: [{ name: "a" }, { name: "b" }] })), 7);
	t.is(onlyUserOf(podOf({ ...user(7), containers: [{ name: "a" }, { name: "b", ...user(5) }] })), undefined);
});

async function payload(volume: Volume, pod = podOf()) {
	const client = createClient(createFakeServer());
	const life = new AbortController();
	const tokens: Tokens = { get: async () => "token" };
	const references = createReferences({ client, clock: systemClock, log: silentLogger });
	const options = { references, tokens, hostIps: [], allocatable: () => ({}) };
	const user = { uid: "u1", life: life.signal, changed: () => {} };
	try {
		return await payloadOf(options, volume, { pod, signal: life.signal, user });
	} finally {
		life.abort();
	}
}

test("everything that a projected volume lacks is told at once", async (t) => {
	const sources = [
		{ configMap: { name: "a" } },
		{ secret: { name: "b" } },
		{ configMap: { name: "c", optional: true } },
	];
	await t.throwsAsync(payload({ name: "v", projected: { sources } }), {
		message: '[configmap "a" not found, secret "b" not found]',
	});
	await t.throwsAsync(
		payload({ name: "v", projected: { sources: [{ clusterTrustBundle: { path: "x" } }] } }),
		{ message: /ClusterTrustBundle/ },
	);
	const podCertificate = { signerName: "a/b", keyType: "ED25519" };
	await t.throwsAsync(payload({ name: "v", projected: { sources: [{ podCertificate }] } }), {
		message: /pod certificates .* not supported/,
	});
});

test("a token is for the one user of the pod, or its group", async (t) => {
	const volume: Volume = {
		name: "v",
		projected: { defaultMode: 0o644, sources: [{ serviceAccountToken: { path: "token" } }] },
	};
	const of = async (securityContext: { runAsUser?: number; fsGroup?: number }) => {
		const { mode, owner } =
			(await payload(volume, podOf({ securityContext, containers: [{ name: "a" }] }))).get("token") ?? {};
		return [mode, owner];
	};
	t.deepEqual(await of({}), [0o644, undefined]);
	t.deepEqual(await of({ runAsUser: 1000 }), [0o600, 1000]);
	t.deepEqual(await of({ fsGroup: 2000 }), [0o600, undefined]);
});
