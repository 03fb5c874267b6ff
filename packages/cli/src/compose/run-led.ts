/** A part that runs alone: over HTTPS, and only while this process holds the lease. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type Logger, systemClock } from "@berth/api";
import { runLeader } from "@berth/reconcile";
import { type Connected, connect } from "../connect.ts";

export interface LedOptions {
	/** Of the lease in kube-system, and of the fields that the part writes. */
	readonly name: string;
	readonly kubeconfig: string | undefined;
	readonly log: Logger;
	readonly signal: AbortSignal;
}

/** Resolves when the signal aborts and the work has ended. */
export async function runLed(
	{ name, kubeconfig, log, signal }: LedOptions,
	work: (connected: Connected, term: AbortSignal) => Promise<void>,
): Promise<void> {
	const connected = await connect({ kubeconfig, log, fieldManager: name });
	try {
		await runLeader({
			client: connected.client,
			clock: systemClock,
			log,
			signal,
			identity: `${hostname()}_${randomUUID()}`,
			lease: { namespace: "kube-system", name },
			lead: (term) => work(connected, term),
		});
	} finally {
		await connected.close();
	}
}
