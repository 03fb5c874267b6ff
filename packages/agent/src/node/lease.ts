/** The sign of life: a Lease renewed every ten seconds. When it is forty seconds old, the node counts as lost. */
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
	readonly clock: Clock;
	readonly log: Logger;
}

const NAMESPACE = "kube-node-lease";
const DURATION_SECONDS = 40;
const RENEW_EVERY = 10_000;
const RETRY_AFTER = 1_000;

export async function keepLease(options: LeaseOptions, signal: AbortSignal): Promise<void> {
	const { client, name, clock, log } = options;
	let lease: Lease | undefined;
	while (!signal.aborted) {
		try {
			lease = await renew(options, lease ?? (await read(client, name)));
			await clock.sleep(RENEW_EVERY, signal);
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

async function renew({ client, name, node, clock }: LeaseOptions, known: Lease | undefined): Promise<Lease> {
	const spec = {
		...known?.spec,
		holderIdentity: name,
		leaseDurationSeconds: DURATION_SECONDS,
		renewTime: formatMicroTime(clock.now()),
	};
	if (known) return client.update(Lease, { ...known, spec });
	const owner = node();
	const ownerReferences = owner && [{ apiVersion: "v1", kind: "Node", name, uid: owner.metadata.uid }];
	try {
		return await client.create(Lease, {
			metadata: { name, namespace: NAMESPACE, ...(ownerReferences && { ownerReferences }) },
			spec,
		});
	} catch (error) {
		if (!isAlreadyExists(error)) throw error;
		return client.get(Lease, { namespace: NAMESPACE, name });
	}
}
