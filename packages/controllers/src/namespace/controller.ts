/**
 * Empties a namespace that is being deleted, pods first, and then lets it go. Driven by deletions it sees; the last
 * check is a live list, because caches of different kinds have no common order.
 */
import {
	type AnyKind,
	deepEqual,
	formatTime,
	type KubeObject,
	Namespace,
	type NamespaceCondition,
	Pod,
} from "@berth/api";
import { type Controller, type ControllerEnvironment, type Source, watch } from "@berth/reconcile";
import { unlessOvertaken } from "../ownership/unless-overtaken.ts";
import { createServedKinds } from "../served-kinds/served-kinds.ts";
import { conditionsOf, type Remaining } from "./conditions.ts";

const FINALIZER = "kubernetes";
/** Content that goes without an event here (a kind nobody watches) is looked at again after so many milliseconds. */
const LOOK_AGAIN = 1_000;

export function createNamespaceController(environment: ControllerEnvironment): Controller {
	const { client, informers, clock } = environment;
	const namespaces = informers.of(Namespace);
	const content = createServedKinds({
		...environment,
		wanted: (kind) => kind.namespaced && kind.verbs.includes("deletecollection"),
	});

	async function reconcile(name: string) {
		const namespace = namespaces.get(name);
		if (!namespace?.metadata.deletionTimestamp) return undefined;
		if (!namespace.spec.finalizers?.includes(FINALIZER)) return undefined;
		const pods = await empty(Pod, name);
		// Others wait for the pods: what a pod uses must not vanish before it has stopped.
		const others = pods.objects.length ? [] : content.all().filter((kind) => kind !== Pod);
		const remaining = [pods, ...(await Promise.all(others.map((kind) => empty(kind, name))))].filter(
			(rest) => rest.objects.length > 0,
		);
		await writeConditions(namespace, remaining);
		if (remaining.length) return { requeueAfter: LOOK_AGAIN };
		await finalize(namespace);
		return undefined;
	}

	async function empty(kind: AnyKind, namespace: string): Promise<Remaining> {
		const before = await client.list<KubeObject>(kind, { namespace });
		if (before.items.some((object) => !object.metadata.deletionTimestamp)) {
			await client.deleteCollection(kind, { namespace }, { propagationPolicy: "Background" });
			const after = await client.list<KubeObject>(kind, { namespace });
			return { kind, objects: after.items };
		}
		return { kind, objects: before.items };
	}

	async function writeConditions(namespace: Namespace, remaining: readonly Remaining[]): Promise<void> {
		const conditions = conditionsOf(namespace.status?.conditions ?? [], remaining, formatTime(clock.now()));
		if (deepEqual(namespace.status?.conditions ?? [], conditions)) return;
		await unlessOvertaken(() => client.updateStatus(Namespace, withConditions(namespace, conditions)));
	}

	async function finalize(namespace: Namespace): Promise<void> {
		const path = `/api/v1/namespaces/${encodeURIComponent(namespace.metadata.name)}/finalize`;
		await unlessOvertaken(async () => {
			const now = await client.get(Namespace, { name: namespace.metadata.name });
			if (now.metadata.uid !== namespace.metadata.uid) return;
			const finalizers = now.spec.finalizers?.filter((finalizer) => finalizer !== FINALIZER) ?? [];
			const body = { ...now, spec: { ...now.spec, finalizers } };
			await client.transport.call({ method: "PUT", path, body });
		});
	}

	const emptied = (kind: AnyKind): Source =>
		watch(informers.of<KubeObject>(kind), ({ type, object }) => {
			const name = object.metadata.namespace ?? "";
			return type === "deleted" && namespaces.get(name)?.metadata.deletionTimestamp ? [name] : [];
		});

	return {
		name: "namespace",
		workers: 10,
		sources: [
			watch(namespaces, (change) => (change.type === "deleted" ? [] : [change.object.metadata.name])),
			content.source(emptied),
		],
		reconcile,
	};
}

const withConditions = (namespace: Namespace, conditions: readonly NamespaceCondition[]): Namespace => ({
	...namespace,
	status: { ...namespace.status, phase: "Terminating", conditions },
});
