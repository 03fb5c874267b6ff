/** Rolls each Deployment's pods from template to template through ReplicaSets. */
import {
	controllerReference,
	Deployment,
	type DeploymentStatus,
	deepEqual,
	isAlreadyExists,
	isNamespaceTerminating,
	keyOf,
	Pod,
	ReplicaSet,
	selectorOf,
	splitKey,
} from "@berth/api";
import {
	type Controller,
	type ControllerEnvironment,
	created,
	deleted,
	ownWritesSeen,
	updated,
	watch,
} from "@berth/reconcile";
import { applyClaim } from "../ownership/apply-claim.ts";
import { claim } from "../ownership/claim.ts";
import { concerned } from "../ownership/concerned.ts";
import { deleteObject } from "../ownership/delete-object.ts";
import { type Plan, planDeployment } from "./plan.ts";
import { currentSetAnnotations, REVISION, revisionOf, sizeAnnotations } from "./revisions.ts";
import { deadlineIn, deploymentStatus } from "./status.ts";
import { sameTemplate, TEMPLATE_HASH, templateHash } from "./template-hash.ts";

type Seen = Map<string, (set: ReplicaSet | undefined) => boolean>;

export function createDeploymentController(environment: ControllerEnvironment): Controller {
	const { client, informers, events, clock } = environment;
	const deployments = informers.of(Deployment);
	const sets = informers.of(ReplicaSet);
	const pods = informers.of(Pod);

	async function reconcile(key: string, signal: AbortSignal) {
		const deployment = deployments.get(key);
		if (!deployment) return undefined;
		const { namespace } = splitKey(key);
		const owner = controllerReference(deployment);
		const selector = selectorOf(deployment.spec.selector);
		const claimed = claim(deployment, selector, sets.list(namespace));
		await applyClaim({ client, kind: ReplicaSet, owner, claim: claimed });
		const plan = planDeployment({
			deployment,
			sets: [...claimed.owned, ...claimed.adopt],
			pods: pods.list(namespace).filter((pod) => selector.matches(pod.metadata.labels)),
		});
		const seen: Seen = new Map();
		const made = plan.create ? await createSet(deployment, plan.create, seen) : undefined;
		if (made?.collision !== undefined) {
			await writeStatus(deployment, { ...deployment.status, collisionCount: made.collision });
			return { requeueAfter: 0 };
		}
		const current = made?.set ?? plan.current;
		await resize(deployment, plan, seen);
		for (const set of plan.remove) {
			await deleteObject(client, ReplicaSet, set);
			seen.set(keyOf(set), deleted(set));
		}
		await reviseDeployment(deployment, plan, made?.set);

		const status = deploymentStatus(
			deployment,
			{
				current,
				old: plan.old,
				createdCurrent: made?.set !== undefined,
				...(made?.failure === undefined ? {} : { failure: made.failure }),
			},
			clock.now(),
		);
		await writeStatus(deployment, status);
		await ownWritesSeen({ informer: sets, written: seen, clock, signal });
		if (made?.failure !== undefined) throw new Error(made.failure);
		const deadline = deadlineIn(deployment, status, clock.now());
		return deadline === undefined ? undefined : { requeueAfter: deadline };
	}

	/** A name already taken by another template is a collision: count it and take the next name. */
	async function createSet(
		deployment: Deployment,
		create: NonNullable<Plan["create"]>,
		seen: Seen,
	): Promise<{ set?: ReplicaSet; collision?: number; failure?: string }> {
		const collisions = deployment.status?.collisionCount ?? 0;
		const template = deployment.spec.template;
		const hash = templateHash(template, collisions);
		const labels = { ...template.metadata?.labels, [TEMPLATE_HASH]: hash };
		const name = `${deployment.metadata.name}-${hash}`;
		const { namespace } = deployment.metadata;
		try {
			const set = await client.create(ReplicaSet, {
				metadata: {
					name,
					namespace,
					labels,
					annotations: {
						...currentSetAnnotations(deployment, create.revision),
						...sizeAnnotations(deployment),
					},
					ownerReferences: [controllerReference(deployment)],
				},
				spec: {
					replicas: create.replicas,
					minReadySeconds: deployment.spec.minReadySeconds,
					selector: {
						...deployment.spec.selector,
						matchLabels: { ...deployment.spec.selector.matchLabels, [TEMPLATE_HASH]: hash },
					},
					template: { ...template, metadata: { ...template.metadata, labels } },
				},
			});
			seen.set(keyOf(set), created(set));
			if (create.replicas > 0) scaledEvent(deployment, set, 0, create.replicas);
			return { set };
		} catch (error) {
			if (isAlreadyExists(error)) {
				const existing = await client.get(ReplicaSet, { namespace, name });
				const ours = existing.metadata.ownerReferences?.some((o) => o.uid === deployment.metadata.uid);
				if (ours && sameTemplate(existing.spec.template, template)) return { set: existing };
				return { collision: collisions + 1 };
			}
			if (isNamespaceTerminating(error)) return {};
			const reason = error instanceof Error ? error.message : String(error);
			const failure = `Failed to create new replica set ${JSON.stringify(name)}: ${reason}`;
			events.warning(deployment, "ReplicaSetCreateError", failure);
			return { failure };
		}
	}

	async function resize(deployment: Deployment, plan: Plan, seen: Seen): Promise<void> {
		const touched = new Set([...plan.resize.keys(), ...(plan.current ? [plan.current] : [])]);
		for (const set of touched) {
			const replicas = plan.resize.get(set) ?? set.spec.replicas ?? 0;
			const annotations =
				set === plan.current && !deployment.spec.paused
					? currentSetAnnotations(deployment, plan.revise ?? revisionOf(set), set)
					: (set.metadata.annotations ?? {});
			const next: ReplicaSet = {
				...set,
				metadata: { ...set.metadata, annotations: { ...annotations, ...sizeAnnotations(deployment) } },
				spec: {
					...set.spec,
					replicas,
					...(set === plan.current ? { minReadySeconds: deployment.spec.minReadySeconds } : {}),
				},
			};
			if (deepEqual(next, set)) continue;
			const written = await client.update(ReplicaSet, next);
			seen.set(keyOf(written), updated(written));
			if (replicas !== set.spec.replicas) scaledEvent(deployment, set, set.spec.replicas ?? 0, replicas);
		}
	}

	/** The deployment carries the revision of its current set, where `kubectl rollout` looks for it. */
	async function reviseDeployment(deployment: Deployment, plan: Plan, made?: ReplicaSet): Promise<void> {
		const revision = plan.revise ?? plan.create?.revision ?? (plan.current && revisionOf(plan.current));
		if (!revision || (plan.create && !made)) return;
		if (deployment.metadata.annotations?.[REVISION] === String(revision)) return;
		const { namespace, name } = deployment.metadata;
		const patch = { metadata: { annotations: { [REVISION]: String(revision) } } };
		await client.patch(Deployment, { namespace, name }, patch, { type: "merge" });
	}

	async function writeStatus(deployment: Deployment, status: DeploymentStatus): Promise<void> {
		if (deepEqual(deployment.status ?? {}, status)) return;
		const { namespace, name } = deployment.metadata;
		// Optimistic on purpose: a status computed from an old spec must not overwrite a newer one.
		const now = await client.get(Deployment, { namespace, name });
		if (now.metadata.generation !== deployment.metadata.generation) return;
		await client.updateStatus(Deployment, { ...now, status });
	}

	function scaledEvent(deployment: Deployment, set: ReplicaSet, from: number, to: number): void {
		const direction = to > from ? "up" : "down";
		const message = `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${to}`;
		events.normal(deployment, "ScalingReplicaSet", message);
	}

	return {
		name: "deployment",
		workers: 5,
		sources: [
			watch(deployments, (change) => [keyOf(change.object)]),
			watch(
				sets,
				concerned(Deployment, deployments, (deployment) => deployment.spec.selector),
			),
			// Recreate waits for the last old pod to go.
			watch(pods, (change) => (change.type === "deleted" ? recreating(change.object) : [])),
		],
		reconcile,
	};

	function recreating(pod: Pod): readonly string[] {
		return deployments
			.list(pod.metadata.namespace)
			.filter((deployment) => deployment.spec.strategy?.type === "Recreate")
			.filter((deployment) => selectorOf(deployment.spec.selector).matches(pod.metadata.labels))
			.map(keyOf);
	}
}
