/** Keeps as many pods of each ReplicaSet, or ReplicationController, as it asks for. */
import {
	controllerReference,
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
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { applyClaim } from "../ownership/apply-claim.ts";
import { claim } from "../ownership/claim.ts";
import { concerned } from "../ownership/concerned.ts";
import { createPodWriter, podOf } from "../pods/pod-writer.ts";
import { writeStatus } from "../status/write-status.ts";
import { planReplicas, type Replicated, replicaSetStatus } from "./plan.ts";

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
	const { client, informers, clock } = environment;
	const sets = informers.of(form.kind);
	const pods = informers.of(Pod);
	const writer = createPodWriter(environment);

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
		const create = Array.from({ length: plan.create }, () => podOf(set, set.spec.template));
		const failure = await writer.write(set, { create, remove: plan.remove }, signal);
		const status = form.status(replicaSetStatus(set, owned, clock.now(), failure));
		await writeStatus(client, form.kind, set, status);
		if (failure) throw new Error(failure.message);
		return plan.lookAgainIn === undefined ? undefined : { requeueAfter: plan.lookAgainIn };
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
