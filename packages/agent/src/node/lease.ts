/** The sign of life: a Lease, renewed every ten seconds by default. When it is forty seconds old, the node counts as lost. */
import {
	type Clock,
	formatMicroTime,
	isAlreadyExists,
	isNotFound,
	Lease,
	type Logger,
	type Node,
} from "@berth/api";
import type { Client } from "@berth/client";

export interface LeaseOptions {
	readonly client: Client;
	readonly name: string;
	/** The node, once registered: it owns the lease. */
	readonly node: () => Node | undefined;
	/** Seconds after which the lease is stale; it is renewed four times as often. */
	readonly duration: number;
	readonly clock: Clock;
	readonly log: Logger;
}

const NAMESPACE = "kube-node-lease";
const RETRY_AFTER = 1_000;

export async function keepLease(options: LeaseOptions, signal: AbortSignal): Promise<void> {
	const { client, name, duration, clock, log } = options;
	let lease: Lease | undefined;
	while (!signal.aborted) {
		try {
			lease = await renew(options, lease ?? (await read(client, name)));
			await clock.sleep(duration * 250, signal);
		} catch (error) {
			if (signal.aborted) return;
			log.warn({ error }, "renewing the node's lease failed, trying again");
			lease = undefined;
			await clock.sleep(RETRY_AFTER, signal);
		}
	}
}

async function read(client: Client, name: string): Promise<Lease | undefined> {
	try {
		return await client.get(Lease, { namespace: NAMESPACE, name });
	} catch (error) {
		if (!isNotFound(error)) throw error;
		return undefined;
	}
}

async function renew(
	{ client, name, node, duration, clock }: LeaseOptions,
	known: Lease | undefined,
): Promise<Lease> {
	const spec = {
		...known?.spec,
		holderIdentity: name,
		leaseDurationSeconds: duration,
		renewTime: formatMicroTime(clock.now()),
	};
	const owner = node();
	const ownerReferences = owner && [{ apiVersion: "v1", kind: "Node", name, uid: owner.metadata.uid }];
	const owned = ownerReferences && { ownerReferences };
	if (known) {
		// The first lease may be older than its node.
		const metadata = known.metadata.ownerReferences?.length
			? known.metadata
			: { ...known.metadata, ...owned };
		return client.update(Lease, { ...known, metadata, spec });
	}
	try {
		return await client.create(Lease, { metadata: { name, namespace: NAMESPACE, ...owned }, spec });
	} catch (error) {
		if (!isAlreadyExists(error)) throw error;
		return client.get(Lease, { namespace: NAMESPACE, name });
	}
}
