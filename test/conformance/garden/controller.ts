/**
 * A controller as people write them, with the official JavaScript client alone: informers, a leader's lease, a finalizer,
 * server-side apply of what an object owns, status by its subresource.
 */
import {
	ApiException,
	CoordinationV1Api,
	CoreV1Api,
	CustomObjectsApi,
	type KubeConfig,
	KubernetesObjectApi,
	makeInformer,
	PatchStrategy,
	setHeaderOptions,
	V1MicroTime,
} from "@kubernetes/client-node";
import { type Garden, GROUP } from "./definition.ts";

export const FINALIZER = `${GROUP}/harvest`;
export const LEASE = "garden-controller";
const OF_GARDENS = { group: GROUP, version: "v1", plural: "gardens" } as const;
/** Seconds. */
const LEASE_DURATION = 1;

export interface GardenController {
	readonly leads: () => boolean;
	/** Faults other than conflicts, which are tried again. */
	readonly faults: readonly string[];
	/** As a crash would: the lease is not given back. */
	stop(): Promise<void>;
}

export async function startGardenController(
	config: KubeConfig,
	identity: string,
	namespace: string,
): Promise<GardenController> {
	const custom = config.makeApiClient(CustomObjectsApi);
	const core = config.makeApiClient(CoreV1Api);
	const leases = config.makeApiClient(CoordinationV1Api);
	const objects = KubernetesObjectApi.makeApiClient(config);
	const faults: string[] = [];
	let leading = false;
	let stopped = false;

	const gardens = makeInformer<Garden>(config, `/apis/${GROUP}/v1/namespaces/${namespace}/gardens`, () =>
		custom.listNamespacedCustomObject({ ...OF_GARDENS, namespace }),
	);
	const beds = makeInformer(
		config,
		`/api/v1/namespaces/${namespace}/configmaps`,
		() => core.listNamespacedConfigMap({ namespace, labelSelector: "garden" }),
		"garden",
	);

	const bedsOf = async (name: string) =>
		(await core.listNamespacedConfigMap({ namespace, labelSelector: `garden=${name}` })).items;

	const plant = async ({ metadata, spec, apiVersion, kind }: Garden) => {
		const { name = "", uid, generation } = metadata;
		for (let bed = 0; bed < spec.beds; bed++) {
			const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
			await objects.patch(
				{
					apiVersion: "v1",
					kind: "ConfigMap",
					metadata: {
						name: `${name}-${bed}`,
						namespace,
						labels: { garden: name },
						ownerReferences: [owner],
					},
					data: { size: spec.size },
				} as object,
				undefined,
				undefined,
				"garden-controller",
				true,
				PatchStrategy.ServerSideApply,
			);
		}
		for (const { metadata: bed } of await bedsOf(name)) {
			if (Number(bed?.name?.split("-").at(-1)) < spec.beds) continue;
			await core.deleteNamespacedConfigMap({ name: bed?.name ?? "", namespace });
		}
		const conditions = [{ type: "Ready", status: "True" }];
		await custom.patchNamespacedCustomObjectStatus(
			{
				...OF_GARDENS,
				namespace,
				name,
				body: { status: { beds: spec.beds, observedGeneration: generation, conditions } },
			},
			setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
		);
	};

	/** The harvest is what the finalizer waits for. */
	const harvest = async ({ metadata: { name = "" } }: Garden) => {
		await core
			.createNamespacedConfigMap({ namespace, body: { metadata: { name: `harvest-of-${name}` } } })
			.catch(unless(409));
	};

	const setFinalizers = ({ metadata }: Garden, finalizers: readonly string[]) =>
		custom.patchNamespacedCustomObject(
			{
				...OF_GARDENS,
				namespace,
				name: metadata.name ?? "",
				body: { metadata: { resourceVersion: metadata.resourceVersion, finalizers } },
			},
			setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
		);

	const reconcile = async (garden: Garden) => {
		const { finalizers = [], deletionTimestamp } = garden.metadata;
		const held = finalizers.includes(FINALIZER);
		if (deletionTimestamp) {
			if (!held) return;
			await harvest(garden);
			await setFinalizers(
				garden,
				finalizers.filter((name) => name !== FINALIZER),
			);
		} else if (held) {
			await plant(garden);
		} else {
			await setFinalizers(garden, [...finalizers, FINALIZER]);
		}
	};

	/** One after another, and only by the leader: newest state first, from the informer's cache. */
	let queue = Promise.resolve();
	const enqueue = (name: string | undefined) => {
		if (!leading || !name) return;
		queue = queue.then(async () => {
			const garden = gardens.get(name, namespace);
			if (!garden || !leading || stopped) return;
			await reconcile(garden).catch((error: unknown) => {
				if (stopped || (error instanceof ApiException && [404, 409].includes(error.code))) return;
				faults.push(String(error));
			});
		});
	};
	gardens.on("change", ({ metadata }) => enqueue(metadata.name));
	beds.on("delete", ({ metadata }) => enqueue(metadata?.labels?.garden));
	for (const informer of [gardens, beds]) {
		informer.on("error", (error) => {
			if (!stopped) faults.push(String(error));
		});
	}

	const elect = async () => {
		const spec = {
			holderIdentity: identity,
			leaseDurationSeconds: LEASE_DURATION,
			renewTime: new V1MicroTime(),
		};
		try {
			const lease = await leases.readNamespacedLease({ name: LEASE, namespace });
			const { holderIdentity, renewTime } = lease.spec ?? {};
			// The client says that this is a date; what it reads is the text.
			const expired = Date.now() - Date.parse(`${renewTime}`) > LEASE_DURATION * 1_000;
			if (holderIdentity !== identity && !expired) return false;
			await leases.replaceNamespacedLease({ name: LEASE, namespace, body: { ...lease, spec } });
		} catch (error) {
			if (!(error instanceof ApiException)) throw error;
			if (error.code !== 404) return false;
			await leases.createNamespacedLease({ namespace, body: { metadata: { name: LEASE }, spec } });
		}
		return true;
	};
	const keepLease = async () => {
		while (!stopped) {
			const before = leading;
			leading = await elect().catch((error: unknown) => {
				faults.push(String(error));
				return false;
			});
			if (leading && !before) for (const { metadata } of gardens.list()) enqueue(metadata.name);
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
	};

	await gardens.start();
	await beds.start();
	const keeping = keepLease();
	return {
		leads: () => leading,
		faults,
		stop: async () => {
			stopped = true;
			leading = false;
			await Promise.all([gardens.stop(), beds.stop(), keeping, queue]);
		},
	};
}

const unless =
	(code: number) =>
	(error: unknown): void => {
		if (!(error instanceof ApiException) || error.code !== code) throw error;
	};
