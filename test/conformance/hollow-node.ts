/** A node without containers: registers, renews its lease, and says of each pod bound to it what an agent would say. */
import { setTimeout as sleep } from "node:timers/promises";
import {
	formatMicroTime,
	formatTime,
	isConflict,
	isNotFound,
	Lease,
	Node,
	Pod,
	type PodStatus,
	silentLogger,
	systemClock,
} from "@berth/api";
import { type Client, createInformers } from "@berth/client";

export interface HollowNodeOptions {
	readonly labels?: Readonly<Record<string, string>>;
	readonly cpu?: string;
	readonly memory?: string;
	readonly pods?: string;
}

export interface HollowNode {
	readonly name: string;
	/** As when the machine loses its power: the node says nothing any more, until `revive`. */
	silence(): void;
	revive(): void;
	stop(): Promise<void>;
}

const LEASES = "kube-node-lease";
const RENEW_EVERY = 500;

/** Pods with an image of this name never start; those of `done` end at once, those of `fails` too, but badly. */
const BROKEN = "broken";
const DONE = "done";
const FAILS = "fails";

/** `client` comes in as the node. Resolves when the node is registered and Ready. */
export async function startHollowNode(
	name: string,
	client: Client,
	options: HollowNodeOptions = {},
): Promise<HollowNode> {
	const stop = new AbortController();
	const { signal } = stop;
	let silent = false;
	let addresses = 1;
	const now = () => formatTime(Date.now());

	await client.create(Node, {
		metadata: {
			name,
			labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", ...options.labels },
		},
		spec: {},
	});
	const heartbeat = () =>
		client.patch(
			Node,
			{ name },
			{ status: nodeStatus(options, now()) },
			{ type: "strategic", subresource: "status" },
		);
	await heartbeat();
	const range = (await podCidrOf(client, name)).replace(/\d+\/\d+$/, "");

	const renew = async () => {
		const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: formatMicroTime(Date.now()) };
		try {
			await client.patch(Lease, { namespace: LEASES, name }, { spec }, { type: "merge" });
		} catch (error) {
			if (!isNotFound(error)) throw error;
			await client.create(Lease, { metadata: { namespace: LEASES, name }, spec });
		}
	};
	const beat = async () => {
		while (!signal.aborted) {
			// A server that is away is asked again at the next turn.
			if (!silent) await renew().catch(() => {});
			await sleep(RENEW_EVERY, undefined, { signal }).catch(() => {});
		}
	};

	const settle = async (pod: Pod) => {
		if (silent || signal.aborted) return;
		const { namespace, name: podName, uid, deletionTimestamp } = pod.metadata;
		const id = { namespace, name: podName };
		try {
			if (deletionTimestamp) {
				await client.delete(Pod, id, { gracePeriodSeconds: 0, preconditions: { uid } });
				return;
			}
			const next = podStatus(pod, pod.status?.podIP ?? `${range}${addresses++}`, now());
			if (!pod.status?.containerStatuses) {
				await client.patch(
					Pod,
					id,
					{ metadata: { uid }, status: next },
					{ type: "strategic", subresource: "status" },
				);
			}
		} catch (error) {
			if (isNotFound(error) || isConflict(error) || signal.aborted) return;
			await sleep(200);
			await settle(pod);
		}
	};
	const informers = createInformers({ client, clock: systemClock, log: silentLogger });
	const pods = informers.of(Pod, { fieldSelector: `spec.nodeName=${name}` });
	pods.subscribe(({ type, object }) => {
		if (type !== "deleted") void settle(object);
	});
	const ended = Promise.all([beat(), informers.start(signal)]);
	await informers.synced(signal);
	return {
		name,
		silence: () => {
			silent = true;
		},
		revive: () => {
			silent = false;
			void heartbeat();
			for (const pod of pods.list()) void settle(pod);
		},
		stop: async () => {
			stop.abort();
			await ended;
			await client.transport.close();
		},
	};
}

/** The node's share of the pods' addresses, once it has been given one. */
async function podCidrOf(client: Client, name: string): Promise<string> {
	for (;;) {
		const { spec } = await client.get(Node, { name });
		if (spec.podCIDR) return spec.podCIDR;
		await sleep(20);
	}
}

function nodeStatus({ cpu = "4", memory = "8Gi", pods = "110" }: HollowNodeOptions, now: string) {
	const capacity = { cpu, memory, pods, "ephemeral-storage": "100Gi" };
	const times = { lastHeartbeatTime: now, lastTransitionTime: now };
	return {
		capacity,
		allocatable: capacity,
		addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
		conditions: [
			{
				type: "MemoryPressure",
				status: "False",
				reason: "KubeletHasSufficientMemory",
				message: "enough",
				...times,
			},
			{
				type: "DiskPressure",
				status: "False",
				reason: "KubeletHasNoDiskPressure",
				message: "enough",
				...times,
			},
			{
				type: "PIDPressure",
				status: "False",
				reason: "KubeletHasSufficientPID",
				message: "enough",
				...times,
			},
			{ type: "Ready", status: "True", reason: "KubeletReady", message: "ready", ...times },
		],
		nodeInfo: {
			machineID: "",
			systemUUID: "",
			bootID: "",
			kernelVersion: "6.1.0",
			osImage: "None",
			containerRuntimeVersion: "hollow://1",
			kubeletVersion: "v1.36.0",
			kubeProxyVersion: "v1.36.0",
			operatingSystem: "linux",
			architecture: "amd64",
		},
	};
}

function podStatus(pod: Pod, podIP: string, now: string): PodStatus {
	const images = pod.spec.containers.map(({ image }) => image ?? "");
	const broken = images.includes(BROKEN);
	const done = images.every((image) => image === DONE);
	const failed = images.includes(FAILS);
	const exitCode = failed ? 1 : 0;
	const ready = !broken && !done && !failed;
	const condition = (type: string, holds: boolean) => ({
		type,
		status: holds ? "True" : "False",
		lastTransitionTime: now,
	});
	return {
		phase: broken ? "Pending" : failed ? "Failed" : done ? "Succeeded" : "Running",
		podIP,
		podIPs: [{ ip: podIP }],
		hostIP: "127.0.0.1",
		startTime: now,
		conditions: [
			condition("Initialized", true),
			condition("ContainersReady", ready),
			condition("Ready", ready),
		],
		containerStatuses: pod.spec.containers.map(({ name, image = "" }) => ({
			name,
			image,
			imageID: "",
			ready,
			started: ready,
			restartCount: 0,
			state: broken
				? { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` } }
				: done || failed
					? {
							terminated: {
								exitCode,
								reason: failed ? "Error" : "Completed",
								startedAt: now,
								finishedAt: now,
							},
						}
					: { running: { startedAt: now } },
		})),
	};
}
