/** Keeps the status of validating policies: which generation has been checked, and what was found. */
import {
	type AnyKind,
	type Clock,
	isConflict,
	isNotFound,
	type Logger,
	type Transport,
	ValidatingAdmissionPolicy,
} from "@berth/api";
import { follow } from "../../store/follow.ts";
import type { Objects } from "../../store/objects.ts";
import { typeWarnings } from "./type-checking.ts";

export interface TypeCheckOptions {
	readonly objects: Objects;
	/** Those served now. */
	readonly kinds: () => readonly AnyKind[];
	/** The server's own identity. */
	readonly transport: Transport;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Milliseconds until a status that could not be written is tried again. */
const RETRY = 5_000;

export function checkPolicyTypes({
	objects,
	kinds,
	transport,
	clock,
	log,
}: TypeCheckOptions): AsyncDisposable {
	const policies = objects.of<ValidatingAdmissionPolicy>(ValidatingAdmissionPolicy);
	const stop = new AbortController();
	let running: Promise<void> | undefined;
	let again = false;
	let cancelRetry = () => {};

	function run(): void {
		again = true;
		if (!stop.signal.aborted) {
			running ??= loop().finally(() => {
				running = undefined;
				// Something may have changed just as the last look was over.
				if (again) run();
			});
		}
	}

	async function loop(): Promise<void> {
		while (again && !stop.signal.aborted) {
			again = false;
			for (const { object } of policies.list()) {
				if (stop.signal.aborted) return;
				if (object.status?.observedGeneration !== object.metadata.generation) await write(object);
			}
		}
	}

	async function write(policy: ValidatingAdmissionPolicy): Promise<void> {
		const expressionWarnings = typeWarnings(policy.spec, kinds());
		const status = {
			...policy.status,
			observedGeneration: policy.metadata.generation,
			typeChecking: expressionWarnings.length ? { expressionWarnings } : {},
		};
		const { apiVersion, plural } = ValidatingAdmissionPolicy;
		try {
			await transport.call({
				method: "PUT",
				path: `/apis/${apiVersion}/${plural}/${policy.metadata.name}/status`,
				body: { ...policy, status },
				signal: stop.signal,
			});
		} catch (error) {
			// Somebody was faster: their change is on its way here.
			if (stop.signal.aborted || isConflict(error) || isNotFound(error)) return;
			log.warn({ err: error, policy: policy.metadata.name }, "a policy's status could not be written");
			cancelRetry();
			cancelRetry = clock.after(RETRY, run);
		}
	}

	const following = follow(policies, stop.signal, log, run);
	run();
	return {
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			cancelRetry();
			await Promise.all([following, running]);
		},
	};
}
