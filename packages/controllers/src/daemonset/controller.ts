/** Runs one pod of each DaemonSet on every node that suits it, and rolls out new templates. */
import {
	ControllerRevision,
	controllerReference,
	DaemonSet,
	deepEqual,
	keyOf,
	Node,
	Pod,
	selectorOf,
	splitKey,
} from "@berth/api";
import type { Change } from "@berth/client";
import { type Controller, type ControllerEnvironment, watch } from "@berth/reconcile";
import { createHistoryKeeper } from "../controller-revisions/history.ts";
import { inLivingNamespace } from "../namespace/in-living-namespace.ts";
import { applyClaim } from "../ownership/apply-claim.ts";
import { claim } from "../ownership/claim.ts";
import { concerned } from "../ownership/concerned.ts";
import { createPodWriter } from "../pods/pod-writer.ts";
import { writeStatus } from "../status/write-status.ts";
import { daemonPod, nodeOf, REVISION_HASH } from "./daemon-pod.ts";
import { createPenalties } from "./penalties.ts";
import { type DaemonPlan, planDaemons } from "./plan.ts";
import { daemonSetStatus } from "./status.ts";

export function createDaemonSetController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const sets = informers.of(DaemonSet);
	const pods = informers.of(Pod);
	const revisions = informers.of(ControllerRevision);
	const selector = ({ spec }: DaemonSet) => spec.selector;
	const nodes = informers.of(Node);
	const writer = createPodWriter(environment);
	const penalties = createPenalties(clock);
	const history = createHistoryKeeper(environment, {
		kind: DaemonSet,
		selector,
		hashLabel: REVISION_HASH,
	});

	async function reconcile(key: string, signal: AbortSignal) {
		const set = sets.get(key);
		if (!set || set.metadata.deletionTimestamp) return undefined;
		const { namespace } = splitKey(key);
		const owner = controllerReference(set);
		const claimed = claim(set, selectorOf(set.spec.selector), pods.list(namespace));
		await applyClaim({ client, kind: Pod, owner, claim: claimed });
		const owned = [...claimed.owned, ...claimed.adopt];
		const { current, old, collisions } = await history.keep(set, signal);
		const hash = hashOf(current);
		const penaltyKey = (node: string) => `${set.metadata.uid}/${set.metadata.generation}/${node}`;
		const situation = { set, nodes: nodes.list(), pods: owned, hash, now: clock.now() };
		const penalty = (node: string) => penalties.left(penaltyKey(node));
		const plan = planDaemons({ ...situation, penalty });
		const failed = tellOfEnded(set, plan);
		for (const node of failed) penalties.add(penaltyKey(node));
		const create = plan.create.map((node) => daemonPod(set, node, hash));
		const failure = await writer.write(set, { create, remove: plan.remove }, signal);
		await writeStatus(client, DaemonSet, set, daemonSetStatus({ ...situation, collisions }));
		const live = new Set(owned.map((pod) => pod.metadata.labels?.[REVISION_HASH]));
		await history.trim(set, old, (revision) => live.has(hashOf(revision)));
		if (failure) throw new Error(failure.message);
		return plan.lookAgainIn === undefined ? undefined : { requeueAfter: plan.lookAgainIn };
	}

	/** Answers with the nodes of those that failed. */
	function tellOfEnded(set: DaemonSet, { ended }: DaemonPlan): ReadonlySet<string> {
		const failed = new Set<string>();
		for (const pod of ended) {
			const node = nodeOf(pod) ?? "";
			const where = `daemon pod ${keyOf(pod)} on node ${node}`;
			if (pod.status?.phase === "Failed") {
				failed.add(node);
				events.warning(set, "FailedDaemonPod", `Found failed ${where}, will try to kill it`);
			} else {
				events.normal(set, "SucceededDaemonPod", `Found succeeded ${where}, will try to delete it`);
			}
		}
		return failed;
	}

	return {
		name: "daemon-set",
		workers: 4,
		sources: [
			watch(sets, (change) => [keyOf(change.object)]),
			watch(pods, concerned(DaemonSet, sets, selector)),
			watch(revisions, concerned(DaemonSet, sets, selector)),
			watch(nodes, (change) => (changesPlacement(change) ? sets.list().map(keyOf) : [])),
		],
		reconcile: inLivingNamespace(reconcile),
	};
}

/** Adopted revisions may lack the label: their name is as good. */
const hashOf = ({ metadata }: ControllerRevision): string =>
	metadata.labels?.[REVISION_HASH] ?? metadata.name;

const changesPlacement = ({ type, object, old }: Change<Node>): boolean =>
	type !== "updated" ||
	!deepEqual(object.metadata.labels, old?.metadata.labels) ||
	!deepEqual(object.spec.taints, old?.spec.taints);
