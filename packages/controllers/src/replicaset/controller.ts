/** Keeps as many pods of each ReplicaSet, or ReplicationController, as it asks for. */
import {
	controllerReference,
	deepEqual,
	hasReason,
	isNamespaceTerminating,
	isNotFound,
	type Kind,
	keyOf,
	type LabelSelector,
	Pod,
	ReplicaSet,
	type ReplicaSetStatus,
	ReplicationController,
	selectorOf,
	splitKey,
} from "@berth/api";
import {
	type Controller,
	type ControllerEnvironment,
	created,
	deleted,
	ownWritesSeen,
	watch,
} from "@berth/reconcile";
import { applyClaim } from "../ownership/apply-claim.ts";
import { claim } from "../ownership/claim.ts";
import { concerned } from "../ownership/concerned.ts";
import { inGrowingBatches } from "./batches.ts";
import { planReplicas, type ReplicaPlan, type Replicated, replicaSetStatus } from "./plan.ts";

interface Failure {
	readonly reason: "FailedCreate" | "FailedDelete";
	readonly message: string;
}

/** How one kind says what both have. */
interface Form<T extends Replicated> {
	readonly name: string;
	readonly kind: Kind<T>;
	readonly selector: (set: T) => LabelSelector | undefined;
	/** The part of the status that this kind has. */
	readonly status: (status: ReplicaSetStatus) => T["status"];
}

const REPLICA_SETS: Form<ReplicaSet> = {
	name: "replicaset",
	kind: ReplicaSet,
	selector: ({ spec }) => spec.selector,
	status: (status) => status,
};

const REPLICATION_CONTROLLERS: Form<ReplicationController> = {
	name: "replication",
	kind: ReplicationController,
	selector: ({ spec }) => spec.selector && { matchLabels: spec.selector },
	status: ({ terminatingReplicas: _, ...status }) => status,
};

export const createReplicaSetController = (environment: ControllerEnvironment): Controller =>
	createController(environment, REPLICA_SETS);

export const createReplicationController = (environment: ControllerEnvironment): Controller =>
	createController(environment, REPLICATION_CONTROLLERS);

function createController<T extends Replicated>(
	environment: ControllerEnvironment,
	form: Form<T>,
): Controller {
	const { client, informers, events, clock } = environment;
	const sets = informers.of(form.kind);
	const pods = informers.of(Pod);

	async function reconcile(key: string, signal: AbortSignal) {
		const set = sets.get(key);
		if (!set) return undefined;
		const { namespace } = splitKey(key);
		const owner = controllerReference(set);
		const claimed = claim(set, selectorOf(form.selector(set)), pods.list(namespace));
		await applyClaim({ client, kind: Pod, owner, claim: claimed });
		// Adopted pods are counted at once: they are this set's, whatever the informer says yet.
		const owned = [...claimed.owned, ...claimed.adopt];
		const plan = planReplicas(set, owned, clock.now());
		const failure = await carryOut(set, plan, signal);
		await writeStatus(set, replicaSetStatus(set, owned, clock.now(), failure));
		if (failure) throw new Error(failure.message);
		return plan.lookAgainIn === undefined ? undefined : { requeueAfter: plan.lookAgainIn };
	}

	async function carryOut(set: T, plan: ReplicaPlan, signal: AbortSignal): Promise<Failure | undefined> {
		const written = new Map<string, (pod: Pod | undefined) => boolean>();
		let failure: Failure | undefined;
		try {
			await inGrowingBatches(plan.create, async () => {
				const pod = await createPod(set);
				written.set(keyOf(pod), created(pod));
			});
			for (const pod of plan.remove) written.set(keyOf(pod), deleted(pod));
			await Promise.all(plan.remove.map((pod) => deletePod(set, pod)));
		} catch (error) {
			// Its pods are on their way out, and no new ones can come.
			if (isNamespaceTerminating(error)) return undefined;
			const reason = plan.create ? "FailedCreate" : "FailedDelete";
			failure = { reason, message: error instanceof Error ? error.message : String(error) };
			const what = plan.create ? "creating" : "deleting";
			events.warning(set, reason, `Error ${what}: ${failure.message}`);
		}
		await ownWritesSeen({ informer: pods, written, clock, signal });
		return failure;
	}

	async function createPod(set: T): Promise<Pod> {
		const template = set.spec.template;
		const pod = await client.create(Pod, {
			metadata: {
				generateName: podPrefix(set.metadata.name),
				namespace: set.metadata.namespace,
				labels: template?.metadata?.labels,
				annotations: template?.metadata?.annotations,
				finalizers: template?.metadata?.finalizers,
				ownerReferences: [controllerReference(set)],
			},
			spec: template?.spec ?? { containers: [] },
		});
		events.normal(set, "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
		return pod;
	}

	async function deletePod(set: T, pod: Pod): Promise<void> {
		const name = { namespace: pod.metadata.namespace, name: pod.metadata.name };
		try {
			await client.delete(Pod, name, { preconditions: { uid: pod.metadata.uid } });
		} catch (error) {
			// Somebody was faster, or it is another pod by now: either way ours is gone.
			if (!isNotFound(error) && !hasReason(error, "Conflict")) throw error;
			return;
		}
		events.normal(set, "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`);
	}

	async function writeStatus(set: T, found: ReplicaSetStatus): Promise<void> {
		const status = form.status(found);
		if (deepEqual(set.status ?? {}, status)) return;
		try {
			await client.updateStatus(form.kind, { ...set, status });
		} catch (error) {
			if (!isNotFound(error)) throw error;
		}
	}

	return {
		name: form.name,
		workers: 5,
		sources: [
			watch(sets, (change) => [keyOf(change.object)]),
			watch(pods, concerned(form.kind, sets, form.selector)),
		],
		reconcile,
	};
}

/** Pod names leave room for the random end within the 63 characters of a host name. */
const podPrefix = (name: string) => `${name.length > 57 ? name.slice(0, 57) : name}-`;
