/** Brings a pod's status to the API server: only what changed, the newest only, and as long as it takes. */
import {
	type Clock,
	deepEqual,
	isNotFound,
	type Logger,
	Pod,
	type PodCondition,
	type PodStatus,
} from "@berth/api";
import { type Client, createBackoff } from "@berth/client";
import { AGENT_CONDITIONS } from "./conditions.ts";
import { tellsOfEnding } from "./ending.ts";

export interface StatusWriter {
	/** Never blocks. Writes what differs from the newest status known. */
	write(status: PodStatus): void;
	/** The pod as the server has it now. */
	known(pod: Pod): void;
	/** The newest pod known, from the server's word or its answers to writes. */
	readonly pod: Pod;
	/** Resolves when the last status given is written, or will never be (the pod is gone). */
	flushed(): Promise<void>;
}

export interface StatusWriterOptions {
	readonly client: Client;
	readonly pod: Pod;
	readonly clock: Clock;
	readonly log: Logger;
	readonly random: () => number;
	readonly signal: AbortSignal;
	/** The server's answer to a write is newer than what was known. */
	readonly written: () => void;
}

export function createStatusWriter(options: StatusWriterOptions): StatusWriter {
	const { client, clock, log, signal } = options;
	const backoff = createBackoff({ base: 500, cap: 30_000, random: options.random });
	let pod = options.pod;
	let wanted: PodStatus | undefined;
	let draining = false;
	let drained: Promise<void> = Promise.resolve();

	function known(next: Pod): void {
		if (BigInt(next.metadata.resourceVersion) >= BigInt(pod.metadata.resourceVersion)) pod = next;
	}

	async function drain(): Promise<void> {
		draining = true;
		try {
			while (wanted && !signal.aborted) await bring(wanted);
		} finally {
			// In the same step in which nothing more was found wanted: what is given from now on begins anew.
			draining = false;
		}
	}

	async function bring(status: PodStatus): Promise<void> {
		const patch = statusPatch(pod.status ?? {}, status);
		if (patch) {
			try {
				const { namespace, name, uid } = pod.metadata;
				// The uid keeps a later pod of the same name from getting this one's status.
				const body = { metadata: { uid }, status: patch };
				known(
					await client.patch(Pod, { namespace, name }, body, { type: "strategic", subresource: "status" }),
				);
				options.written();
			} catch (error) {
				if (isNotFound(error)) {
					log.debug({ error }, "the pod is gone, its status is dropped");
					wanted = undefined;
					return;
				}
				log.warn({ error }, "writing a pod's status failed, trying again");
				await clock.sleep(backoff.next(), signal);
				return;
			}
		}
		backoff.reset();
		if (wanted === status) wanted = undefined;
	}

	return {
		write(status) {
			wanted = status;
			if (!draining) drained = drain();
		},
		known,
		get pod() {
			return pod;
		},
		async flushed() {
			await drained;
		},
	};
}

/** Lists that a strategic merge patch would merge by key, and that are written as a whole here. */
const REPLACED: readonly (keyof PodStatus)[] = ["podIPs", "hostIPs"];

const WRITTEN: readonly (keyof PodStatus)[] = [
	"observedGeneration",
	"phase",
	"reason",
	"message",
	"conditions",
	"hostIP",
	"hostIPs",
	"podIP",
	"podIPs",
	"startTime",
	"initContainerStatuses",
	"containerStatuses",
	"ephemeralContainerStatuses",
	"qosClass",
];

/** The strategic merge patch from one status to the other; undefined when nothing differs. */
export function statusPatch(from: PodStatus, to: PodStatus): Record<string, unknown> | undefined {
	const patch: Record<string, unknown> = {};
	for (const key of WRITTEN) {
		const next = to[key];
		if (deepEqual(from[key], next)) continue;
		if (key === "conditions") {
			const conditions = conditionsPatch(from.conditions ?? [], to.conditions ?? []);
			if (conditions) patch[key] = conditions;
		} else if (next === undefined) patch[key] = null;
		else if (REPLACED.includes(key)) patch[key] = [{ $patch: "replace" }, ...(next as readonly object[])];
		else patch[key] = next;
	}
	return Object.keys(patch).length > 0 ? patch : undefined;
}

/**
 * Conditions are merged by type and field: what a condition no longer says has to be unsaid. Those that others keep may
 * be newer on the server than in a status made here.
 */
function conditionsPatch(
	known: readonly PodCondition[],
	wanted: readonly PodCondition[],
): readonly object[] | undefined {
	const isOurs = (each: PodCondition) => AGENT_CONDITIONS.includes(each.type) || tellsOfEnding(each);
	const [from, to] = [known.filter(isOurs), wanted.filter(isOurs)];
	const gone = from.filter(({ type }) => !to.some((condition) => condition.type === type));
	const changed = to.filter((condition) => !from.some((old) => deepEqual(old, condition)));
	if (changed.length === 0 && gone.length === 0) return undefined;
	return [
		...changed.map((condition) => ({ reason: null, message: null, ...condition })),
		...gone.map(({ type }) => ({ type, $patch: "delete" })),
	];
}
