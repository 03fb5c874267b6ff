/**
 * Leader election over a Lease: of several processes that could do a job, one does. Clocks of hosts may differ, so a
 * lease is old when *we* have not seen it change for its duration.
 */
import {
	type Clock,
	formatMicroTime,
	isAlreadyExists,
	isConflict,
	isNotFound,
	Lease,
	type Logger,
} from "@berth/api";
import type { Client } from "@berth/client";

export interface LeaderOptions {
	readonly client: Client;
	readonly clock: Clock;
	readonly log: Logger;
	readonly signal: AbortSignal;
	/** Unlike every other candidate's, such as `host_uuid`. */
	readonly identity: string;
	readonly lease: { readonly namespace: string; readonly name: string };
	/** Milliseconds without a renewal after which others may take over. Default 15 s. */
	readonly duration?: number;
	/** Milliseconds without a successful renewal after which the leader gives up. Default 10 s. */
	readonly renewDeadline?: number;
	/** Milliseconds between tries. Default 2 s. */
	readonly period?: number;
	/** The job. Its signal aborts when leadership is lost or the candidate stops; it must then end soon. */
	readonly lead: (signal: AbortSignal) => Promise<void>;
}

interface Seen {
	readonly lease: Lease;
	/** When this candidate first saw it in this state. */
	readonly at: number;
}

/** Campaigns, leads, and campaigns again until the signal aborts or the job fails; then hands the lease back. */
export async function runLeader(options: LeaderOptions): Promise<void> {
	const { clock, log, signal, lead, period = 2_000, renewDeadline = 10_000 } = options;
	const candidate = createCandidate(options);
	while (!signal.aborted) {
		if (!(await candidate.acquire())) {
			await clock.sleep(period, signal);
			continue;
		}
		log.info({ lease: options.lease.name }, "became leader");
		const term = new AbortController();
		const stop = () => term.abort();
		signal.addEventListener("abort", stop, { once: true });
		if (signal.aborted) stop();
		let failure: { readonly error: unknown } | undefined;
		const job = lead(term.signal)
			.catch((error: unknown) => {
				failure = { error };
			})
			.finally(stop);
		// A timer of its own: a renewal that hangs must not keep a leader whose lease others take for old.
		let deadline = clock.after(renewDeadline, stop);
		while (!term.signal.aborted) {
			await clock.sleep(period, term.signal);
			if (term.signal.aborted) break;
			const result = await candidate.renew();
			if (result === "lost") stop();
			if (result !== "renewed" || term.signal.aborted) continue;
			deadline();
			deadline = clock.after(renewDeadline, stop);
		}
		deadline();
		signal.removeEventListener("abort", stop);
		if (!signal.aborted) log.warn({ lease: options.lease.name }, "leads no longer");
		await job;
		await candidate.release();
		if (failure) throw failure.error;
	}
}

function createCandidate(options: LeaderOptions) {
	const { client, clock, log, identity, lease: name, duration = 15_000 } = options;
	let seen: Seen | undefined;

	const note = (lease: Lease) => {
		if (seen?.lease.metadata.resourceVersion !== lease.metadata.resourceVersion)
			seen = { lease, at: clock.now() };
	};
	const held = (lease: Lease | undefined) => ({
		holderIdentity: identity,
		leaseDurationSeconds: Math.ceil(duration / 1_000),
		acquireTime: formatMicroTime(clock.now()),
		renewTime: formatMicroTime(clock.now()),
		leaseTransitions: lease
			? (lease.spec.leaseTransitions ?? 0) + (lease.spec.holderIdentity === identity ? 0 : 1)
			: 0,
	});

	async function acquire(): Promise<boolean> {
		try {
			const lease = await read();
			if (!lease) {
				note(await client.create(Lease, { metadata: name, spec: held(undefined) }));
				return true;
			}
			note(lease);
			const { holderIdentity, leaseDurationSeconds } = lease.spec;
			const lifetime = (leaseDurationSeconds ?? 0) * 1_000;
			const taken = holderIdentity && holderIdentity !== identity;
			if (taken && seen && clock.now() - seen.at < lifetime) return false;
			note(await client.update(Lease, { ...lease, spec: held(lease) }));
			return true;
		} catch (error) {
			if (!isConflict(error) && !isAlreadyExists(error))
				log.warn({ err: error, lease: name.name }, "cannot campaign");
			return false;
		}
	}

	async function renew(): Promise<"renewed" | "failed" | "lost"> {
		try {
			const { lease } = seen ?? {};
			if (!lease) return "lost";
			const spec = { ...lease.spec, renewTime: formatMicroTime(clock.now()) };
			note(await client.update(Lease, { ...lease, spec }));
			return "renewed";
		} catch (error) {
			log.warn({ err: error, lease: name.name }, "cannot renew the lease");
			if (!isConflict(error) && !isNotFound(error)) return "failed";
			// Somebody wrote it: an answer of ours that was lost on the road, or another leader.
			const lease = await read().catch(() => undefined);
			if (lease) note(lease);
			return lease?.spec.holderIdentity === identity ? "failed" : "lost";
		}
	}

	async function release(): Promise<void> {
		const { lease } = seen ?? {};
		if (lease?.spec.holderIdentity !== identity) return;
		seen = undefined;
		const spec = { ...held(lease), ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1 };
		await client.update(Lease, { ...lease, spec }).catch((error: unknown) => {
			log.debug({ err: error, lease: name.name }, "the lease was not handed back; it will run out");
		});
	}

	const read = () =>
		client.get(Lease, name).catch((error: unknown) => {
			if (isNotFound(error)) return undefined;
			throw error;
		});

	return { acquire, renew, release };
}
