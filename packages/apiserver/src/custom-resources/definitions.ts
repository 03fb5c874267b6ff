/**
 * Follows the definitions: says which are accepted, serves the objects of those that are, and empties those that are
 * deleted. One pass at a time, over all of them; a pass that finds everything in order changes nothing.
 */
import {
	type AnyKind,
	type Clock,
	CustomResourceDefinition,
	deepEqual,
	formatTime,
	isConflict,
	isEstablished,
	isNotFound,
	type Logger,
	type Transport,
} from "@berth/api";
import type { Outbound } from "../http/outbound/outbound.ts";
import type { ServedKinds } from "../registry/served-kinds.ts";
import type { Collection } from "../store/codec.ts";
import { follow } from "../store/follow.ts";
import type { Objects } from "../store/objects.ts";
import { createConverter } from "./conversion.ts";
import { customKinds } from "./custom-kind.ts";
import { CLEANUP_FINALIZER, isTerminating } from "./definition-deletion.ts";
import { drain } from "./drain.ts";
import { planStatus } from "./plan-status.ts";

export interface CustomResourcesOptions {
	readonly objects: Objects;
	readonly kinds: ServedKinds;
	/** The server's own way in. */
	readonly transport: Transport;
	readonly outbound: Outbound;
	readonly clock: Clock;
	readonly log: Logger;
}

interface Served {
	readonly definition: CustomResourceDefinition;
	readonly kinds: readonly AnyKind[];
}

/** Pause after a pass that failed, in milliseconds. */
const RETRY = 1_000;

/** Resolves when the definitions there are are served. Stops when disposed. */
export async function serveCustomResources(options: CustomResourcesOptions): Promise<AsyncDisposable> {
	const { objects, kinds: servedKinds, transport, outbound, clock, log } = options;
	const stop = new AbortController();
	const definitions = objects.of<CustomResourceDefinition>(CustomResourceDefinition);
	/** By name of the definition. */
	let served = new Map<string, Served>();
	/** Collections that are kept in memory, by name of the definition. */
	const opened = new Map<string, Collection>();
	/** Definitions whose objects are being deleted, by uid. */
	const draining = new Map<string, Promise<void>>();
	let again = false;
	let running: Promise<void> | undefined;
	let cancelRetry = () => {};

	const kindsOf = (definition: CustomResourceDefinition) =>
		customKinds(definition, createConverter(definition, outbound, stop.signal));

	async function pass(): Promise<void> {
		const all = definitions.list().map((cached) => cached.object);
		for (const definition of all) await accept(definition, all);
		const next = new Map<string, Served>();
		for (const { object } of definitions.list()) {
			if (!isEstablished(object)) continue;
			const { name } = object.metadata;
			const before = served.get(name);
			const same = before && isSameService(before.definition, object);
			const kinds = same ? before.kinds : kindsOf(object);
			await open(name, object);
			next.set(name, same ? before : { definition: object, kinds });
		}
		publish(next);
		for (const [name, collection] of opened) {
			if (definitions.get(name)) continue;
			objects.shut(collection);
			opened.delete(name);
		}
		for (const { object } of definitions.list()) empty(object);
	}

	/** The kinds that requests find; a list that has not changed stays the same array. */
	function publish(next: Map<string, Served>): void {
		const before = [...served.values()].flatMap(({ kinds }) => kinds);
		served = next;
		const now = [...next.values()].flatMap(({ kinds }) => kinds);
		if (before.length === now.length && now.every((kind, index) => kind === before[index])) return;
		servedKinds.replaceCustom(now);
	}

	async function open(name: string, definition: CustomResourceDefinition): Promise<void> {
		if (opened.has(name)) return;
		const collection = { group: definition.spec.group, plural: definition.spec.names.plural };
		await objects.open(collection);
		opened.set(name, collection);
	}

	async function accept(
		definition: CustomResourceDefinition,
		all: readonly CustomResourceDefinition[],
	): Promise<void> {
		if (isTerminating(definition)) return;
		const planned = planStatus(definition, all, formatTime(clock.now()));
		if (planned === definition) return;
		// Served before it is said to be: whoever waits for the condition finds the kind.
		if (isEstablished(planned) && !isEstablished(definition)) {
			const { name } = planned.metadata;
			await open(name, planned);
			publish(new Map(served).set(name, { definition: planned, kinds: kindsOf(planned) }));
		}
		await write(planned, "/status");
	}

	async function write(definition: CustomResourceDefinition, subresource: "" | "/status"): Promise<void> {
		const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}${subresource}`;
		try {
			await transport.call({ method: "PUT", path, body: definition, signal: stop.signal });
		} catch (error) {
			// Somebody else was faster: that change brings the next pass.
			if (!isConflict(error) && !isNotFound(error)) throw error;
		}
	}

	function empty(definition: CustomResourceDefinition): void {
		const { uid, finalizers } = definition.metadata;
		const { name } = definition.metadata;
		if (!isTerminating(definition) || !finalizers?.includes(CLEANUP_FINALIZER) || draining.has(uid)) return;
		const isOpen = opened.has(name);
		const isServed = (served.get(name)?.kinds.length ?? 0) > 0;
		const [kind] = isServed ? (served.get(name)?.kinds ?? []) : kindsOf(withAllServed(definition));
		const work = drain({
			...options,
			definition,
			kind: isOpen ? kind : undefined,
			isServed,
			write,
			signal: stop.signal,
		})
			.catch((error: unknown) => {
				if (stop.signal.aborted) return;
				log.warn(
					{ err: error, definition: definition.metadata.name },
					"custom resources could not be deleted",
				);
				retry();
			})
			.finally(() => draining.delete(uid));
		draining.set(uid, work);
	}

	function retry(): void {
		cancelRetry();
		cancelRetry = clock.after(RETRY, run);
	}

	function run(): void {
		again = true;
		if (stop.signal.aborted) return;
		running ??= loop().finally(() => {
			running = undefined;
		});
	}

	async function loop(): Promise<void> {
		while (again && !stop.signal.aborted) {
			again = false;
			try {
				await pass();
			} catch (error) {
				if (stop.signal.aborted) return;
				log.error({ err: error }, "custom resource definitions could not be followed");
				retry();
			}
		}
	}

	const following = follow(definitions, stop.signal, log, run);
	run();
	await running;
	return {
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			cancelRetry();
			await Promise.all([following, running, ...draining.values()]);
		},
	};
}

/** Whether what is served is the same: conditions and annotations do not matter. */
const isSameService = (a: CustomResourceDefinition, b: CustomResourceDefinition): boolean =>
	a.metadata.uid === b.metadata.uid &&
	deepEqual(a.spec, b.spec) &&
	deepEqual(a.status?.acceptedNames, b.status?.acceptedNames);

/** For the server alone: to get at objects that nobody can ask for. */
const withAllServed = (definition: CustomResourceDefinition): CustomResourceDefinition => ({
	...definition,
	spec: {
		...definition.spec,
		versions: definition.spec.versions.map((version) => ({ ...version, served: true })),
	},
});
