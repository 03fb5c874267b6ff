/** Keeps the numbered pods of each StatefulSet with their claims, and rolls out new templates from the highest number down. */
import {
	ControllerRevision,
	controllerReference,
	type Draft,
	isNamespaceTerminating,
	keyOf,
	PersistentVolumeClaim,
	Pod,
	StatefulSet,
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
import { createHistoryKeeper, type History } from "../controller-revisions/history.ts";
import { atRevision } from "../controller-revisions/revisions.ts";
import { inLivingNamespace } from "../namespace/in-living-namespace.ts";
import { applyClaim } from "../ownership/apply-claim.ts";
import { claim } from "../ownership/claim.ts";
import { concerned } from "../ownership/concerned.ts";
import { unlessOvertaken } from "../ownership/unless-overtaken.ts";
import { inGrowingBatches } from "../pods/batches.ts";
import { deletePod } from "../pods/delete-pod.ts";
import { writeStatus } from "../status/write-status.ts";
import { createClaimKeeper } from "./claim-keeper.ts";
import { claimNames } from "./claims.ts";
import { isWanted, ordinalOf, ordinals } from "./identity.ts";
import { isGoing, keepsCurrentRevision, planStateful, type StatefulPlan } from "./plan.ts";
import { missingIdentity, revisionOf, statefulPod } from "./stateful-pod.ts";
import { statefulSetStatus } from "./status.ts";

type Written = Map<string, (pod: Pod | undefined) => boolean>;

export function createStatefulSetController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const sets = informers.of(StatefulSet);
	const pods = informers.of(Pod);
	const revisions = informers.of(ControllerRevision);
	const selector = ({ spec }: StatefulSet) => spec.selector;
	const claims = informers.of(PersistentVolumeClaim);
	const claimKeeper = createClaimKeeper(environment);
	const history = createHistoryKeeper(environment, {
		kind: StatefulSet,
		selector,
		hashLabel: "controller.kubernetes.io/hash",
	});

	async function reconcile(key: string, signal: AbortSignal) {
		const set = sets.get(key);
		if (!set || set.metadata.deletionTimestamp) return undefined;
		const { namespace } = splitKey(key);
		const owner = controllerReference(set);
		// Pods of other names are nobody's, whatever their labels.
		const named = pods.list(namespace).filter(({ metadata }) => ordinalOf(set, metadata.name) !== undefined);
		const claimed = claim(set, selectorOf(set.spec.selector), named);
		await applyClaim({ client, kind: Pod, owner, claim: claimed });
		const owned = [...claimed.owned, ...claimed.adopt];
		const past = await history.keep(set, signal);
		const current = currentOf(set, past);
		const updateRevision = past.current.metadata.name;
		const plan = planStateful({ set, pods: owned, updateRevision, now: clock.now() });

		let failure: unknown;
		try {
			for (const pod of owned) await mend(set, pod, signal);
			await carryOut(set, plan, { current, update: past.current }, signal);
		} catch (error) {
			failure = error;
		}
		const status = statefulSetStatus({
			set,
			pods: owned,
			currentRevision: current.metadata.name,
			updateRevision,
			now: clock.now(),
			collisions: past.collisions,
		});
		await writeStatus(client, StatefulSet, set, status);
		const live = new Set([current.metadata.name, ...owned.map(revisionOf)]);
		const dead = past.old.filter(({ metadata }) => !live.has(metadata.name));
		await history.trim(set, dead, () => false);
		if (failure !== undefined) throw failure;
		return plan.lookAgainIn === undefined ? undefined : { requeueAfter: plan.lookAgainIn };
	}

	/** Adopted pods get their labels; pods that wait for claims get them. */
	async function mend(set: StatefulSet, pod: Pod, signal: AbortSignal): Promise<void> {
		if (isGoing(pod)) return;
		const ordinal = ordinalOf(set, pod.metadata.name);
		if (ordinal === undefined) return;
		if (isWanted(set, ordinal) && pod.status?.phase === "Pending") {
			await claimKeeper.provide(set, ordinal, signal);
		}
		await claimKeeper.mend(set, pod);
		const labels = missingIdentity(set, pod);
		if (!labels) return;
		const { namespace, name, uid } = pod.metadata;
		await unlessOvertaken(() =>
			client.patch(Pod, { namespace, name }, { metadata: { uid, labels } }, { type: "merge" }),
		);
	}

	async function carryOut(
		set: StatefulSet,
		plan: StatefulPlan,
		revisions: { readonly current: ControllerRevision; readonly update: ControllerRevision },
		signal: AbortSignal,
	): Promise<void> {
		const written: Written = new Map();
		const make = async (ordinal: number) => {
			if (!(await claimKeeper.provide(set, ordinal, signal))) return;
			const revision = keepsCurrentRevision(set, ordinal) ? revisions.current : revisions.update;
			const { template } =
				revision === revisions.update ? set.spec : atRevision(StatefulSet, set, revision).spec;
			const pod = await create(
				set,
				statefulPod({ set, template, revision: revision.metadata.name, ordinal }),
			);
			written.set(keyOf(pod), created(pod));
		};
		try {
			await inGrowingBatches(plan.create, make);
			for (const pod of plan.remove) {
				if (plan.ended.includes(pod)) tellOfEnded(set, pod);
				await remove(set, pod);
				written.set(keyOf(pod), deleted(pod));
			}
		} finally {
			await ownWritesSeen({ informer: pods, written, clock, signal });
		}
	}

	async function create(set: StatefulSet, draft: Draft<Pod>): Promise<Pod> {
		const what = `create Pod ${draft.metadata.name} in StatefulSet ${set.metadata.name}`;
		try {
			const pod = await client.create(Pod, draft);
			events.normal(set, "SuccessfulCreate", `${what} successful`);
			return pod;
		} catch (error) {
			if (!isNamespaceTerminating(error)) {
				events.warning(set, "FailedCreate", `${what} failed error: ${messageOf(error)}`);
			}
			throw error;
		}
	}

	async function remove(set: StatefulSet, pod: Pod): Promise<void> {
		const what = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
		try {
			if (await deletePod(client, pod)) events.normal(set, "SuccessfulDelete", `${what} successful`);
		} catch (error) {
			events.warning(set, "FailedDelete", `${what} failed error: ${messageOf(error)}`);
			throw error;
		}
	}

	function tellOfEnded(set: StatefulSet, pod: Pod): void {
		const which = `StatefulSet ${keyOf(set)} is recreating`;
		if (pod.status?.phase === "Failed") {
			events.warning(set, "RecreatingFailedPod", `${which} failed Pod ${pod.metadata.name}`);
		} else {
			events.normal(set, "RecreatingTerminatedPod", `${which} terminated Pod ${pod.metadata.name}`);
		}
	}

	return {
		name: "statefulset",
		workers: 5,
		sources: [
			watch(sets, (change) => [keyOf(change.object)]),
			watch(pods, concerned(StatefulSet, sets, selector)),
			watch(revisions, concerned(StatefulSet, sets, selector)),
			// A pod may wait until an old claim of its name is gone.
			watch(claims, ({ type, object }) => (type === "deleted" ? usersOf(object) : [])),
		],
		reconcile: inLivingNamespace(reconcile),
	};

	function usersOf({ metadata }: PersistentVolumeClaim): readonly string[] {
		const uses = (set: StatefulSet) =>
			ordinals(set).some((ordinal) => claimNames(set, ordinal).includes(metadata.name));
		return sets.list(metadata.namespace).filter(uses).map(keyOf);
	}
}

/** The revision that pods had before the rollout; at first it is the only one. */
const currentOf = ({ status }: StatefulSet, { current, old }: History): ControllerRevision =>
	old.find(({ metadata }) => metadata.name === status?.currentRevision) ?? current;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
