/** The garbage collector: dependents follow their owners, in the background, in the foreground, or are set free. */
import {
	type AnyKind,
	hasReason,
	isConflict,
	isNotFound,
	type KubeObject,
	type OwnerReference,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, type Source, watch } from "@berth/reconcile";
import { unlessOvertaken } from "../ownership/unless-overtaken.ts";
import { createServedKinds } from "../served-kinds/served-kinds.ts";
import { blockersOf } from "./blockers.ts";
import {
	decide,
	FOREGROUND,
	ORPHAN,
	type OwnerState,
	orphansDependents,
	waitsForDependents,
} from "./decide.ts";
import { type GraphNode, nodeId, OwnerGraph } from "./graph.ts";

/** Kinds that own nothing and are owned by nothing, in great numbers. */
const IGNORED: ReadonlySet<string> = new Set(["Event"]);
const STRIKE_TRIES = 5;

export function createGarbageController(environment: ControllerEnvironment): Controller {
	const { client, informers } = environment;
	const served = createServedKinds({
		...environment,
		wanted: (kind) =>
			!IGNORED.has(kind.kind) && kind.verbs.includes("delete") && kind.verbs.includes("watch"),
	});
	const kindOf = ({ apiVersion, kind }: OwnerReference) =>
		served.find(apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "", kind);
	const graph = new OwnerGraph();

	async function reconcile(id: string) {
		const node = graph.get(id);
		if (!node) return undefined;
		if (orphansDependents(node.object)) return orphan(node);
		if (waitsForDependents(node.object)) return foreground(node);
		const { object } = node;
		const states = new Map<OwnerReference, OwnerState>();
		for (const owner of object.metadata.ownerReferences ?? [])
			states.set(owner, await stateOf(owner, object));
		const hasDependents = graph.dependentsOf(object.metadata.uid).length > 0;
		const decision = decide(object, (owner) => states.get(owner) ?? "solid", hasDependents);
		if (decision.do === "release") await strike(node, decision.uids);
		if (decision.do === "delete") await remove(node, decision.propagation);
		return undefined;
	}

	/** From the cache when it says the owner is there; its absence is asked of the server, since caches lag. */
	async function stateOf(owner: OwnerReference, dependent: KubeObject): Promise<OwnerState> {
		const kind = kindOf(owner);
		// A kind that is not served here cannot be judged.
		if (!kind) return "solid";
		const namespace = kind.namespaced ? dependent.metadata.namespace : undefined;
		if (kind.namespaced && namespace === undefined) return "absent";
		const key = namespace === undefined ? owner.name : `${namespace}/${owner.name}`;
		const cached = informers.of<KubeObject>(kind).get(key);
		const found = cached?.metadata.uid === owner.uid ? cached : await read(kind, namespace, owner.name);
		if (found?.metadata.uid !== owner.uid) return "absent";
		return waitsForDependents(found) ? "waiting" : "solid";
	}

	async function read(
		kind: AnyKind,
		namespace: string | undefined,
		name: string,
	): Promise<KubeObject | undefined> {
		try {
			return await client.get<KubeObject>(kind, { namespace, name });
		} catch (error) {
			if (isNotFound(error)) return undefined;
			throw error;
		}
	}

	async function orphan(owner: GraphNode) {
		const { uid } = owner.object.metadata;
		for (const dependent of graph.dependentsOf(uid)) await strike(dependent, [uid]);
		await dropFinalizer(owner, ORPHAN);
		return undefined;
	}

	async function foreground(owner: GraphNode) {
		const blocking = blockersOf(owner.object, (uid) => graph.dependentsOf(uid).map(({ object }) => object));
		// Each dependent decides for itself; the last one to go brings the owner back here.
		if (blocking.length === 0) await dropFinalizer(owner, FOREGROUND);
		return undefined;
	}

	/** Takes owners out of the newest state, as a merge patch: not every kind knows strategic ones. Throws Conflict. */
	async function strike(node: GraphNode, uids: readonly string[]): Promise<void> {
		const { uid } = node.object.metadata;
		for (let tries = 1; ; tries += 1) {
			const now = await read(node.kind, node.object.metadata.namespace, node.object.metadata.name);
			if (now?.metadata.uid !== uid) return;
			const ownerReferences =
				now.metadata.ownerReferences?.filter((owner) => !uids.includes(owner.uid)) ?? [];
			const metadata = { uid, resourceVersion: now.metadata.resourceVersion, ownerReferences };
			try {
				await client.patch(node.kind, nameOf(now), { metadata }, { type: "merge" });
				return;
			} catch (error) {
				if (isNotFound(error)) return;
				if (!isConflict(error) || tries === STRIKE_TRIES) throw error;
			}
		}
	}

	async function dropFinalizer(node: GraphNode, finalizer: string): Promise<void> {
		const { uid, resourceVersion, finalizers } = node.object.metadata;
		const left = finalizers?.filter((other) => other !== finalizer) ?? [];
		const patch = { metadata: { uid, resourceVersion, finalizers: left } };
		await unlessOvertaken(
			() => client.patch(node.kind, nameOf(node.object), patch, { type: "merge" }),
			(error) => hasReason(error, "Invalid"),
		);
	}

	async function remove(
		node: GraphNode,
		propagationPolicy: "Foreground" | "Background" | "Orphan",
	): Promise<void> {
		const { uid, resourceVersion } = node.object.metadata;
		// Pinned to what was judged: an object that gained an owner meanwhile must be judged again.
		const preconditions = { uid, resourceVersion };
		await unlessOvertaken(() =>
			client.delete(node.kind, nameOf(node.object), { preconditions, propagationPolicy }),
		);
	}

	const source = (kind: AnyKind): Source =>
		watch(informers.of<KubeObject>(kind), ({ type, object }) => {
			const node = { kind, object };
			if (type === "deleted") graph.remove(node);
			else graph.put(node);
			const owners = (object.metadata.ownerReferences ?? []).flatMap((reference) =>
				ownerId(reference, object),
			);
			const dependents = graph
				.dependentsOf(object.metadata.uid)
				.map((other) => nodeId(other.kind, other.object));
			if (type === "deleted") return [...dependents, ...owners];
			if (waitsForDependents(object)) return [nodeId(kind, object), ...dependents];
			if (orphansDependents(object)) return [nodeId(kind, object)];
			return object.metadata.ownerReferences?.length ? [nodeId(kind, object)] : [];
		});

	function ownerId(reference: OwnerReference, dependent: KubeObject): readonly string[] {
		const kind = kindOf(reference);
		if (!kind) return [];
		const namespace = kind.namespaced ? `${dependent.metadata.namespace}/` : "";
		return [`${kind.apiVersion} ${kind.kind} ${namespace}${reference.name}`];
	}

	return { name: "generic-garbage-collector", workers: 20, sources: [served.source(source)], reconcile };
}

const nameOf = (object: KubeObject) => ({ namespace: object.metadata.namespace, name: object.metadata.name });
