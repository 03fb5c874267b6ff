/** pods/eviction: a delete that asks for leave first: of the disruption budget that counts the pod. */
import {
	badRequest,
	type DeleteOptions,
	DISRUPTION_TARGET,
	disruptionTarget,
	Eviction,
	isConflict,
	type KubeObject,
	notFound,
	Pod,
	type PodCondition,
	PodDisruptionBudget,
	podCondition,
	type Status,
	StatusError,
	timeout,
} from "@berth/api";
import { admitBody } from "../admission-request.ts";
import { decodeBody } from "../body.ts";
import { cacheOf, keyAt, nameOf, type RegistryContext, resourceOf, type Scope } from "../context.ts";
import { checkPreconditions, deleteObject } from "../delete.ts";
import { deleteOptions } from "../delete-options.ts";
import { editObject } from "../edit.ts";
import type { Answer } from "../request.ts";
import { strategyOf } from "../strategies.ts";
import type { Target } from "../target.ts";
import { writeOptions } from "../write-options.ts";
import { budgetsOf, charge, isFree, isUndisturbed, stillProcessing } from "./disruption.ts";

/** Writes tried when others write as well. */
const TRIES = 20;

export async function evict(context: RegistryContext, scope: Scope): Promise<Answer> {
	const name = nameOf(scope);
	const { dryRun, fieldValidation } = writeOptions(scope.request.query, "CreateOptions");
	const object = decodeBody(Eviction, scope.request, fieldValidation, context.kinds);
	const given = object.metadata?.name;
	if (given && given !== name) throw badRequest("name in URL does not match name in Eviction object");
	const options = deleteOptions({
		query: new URLSearchParams(),
		body: { value: (object as Partial<Eviction>).deleteOptions ?? {}, contentType: "" },
	});
	const isDry = dryRun || (options.dryRun?.length ?? 0) > 0;
	await admitBody(context, scope, { kind: Eviction, name, body: object, dryRun: isDry });
	await evictPod(context, scope, { name, options, isDry });
	const value: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
	return { type: "value", code: 201, value };
}

interface Wish {
	readonly name: string;
	readonly options: DeleteOptions;
	readonly isDry: boolean;
}

/** Looks again when the pod changes in between, unless the caller named the revision that it means. */
async function evictPod(context: RegistryContext, scope: Scope, wish: Wish): Promise<void> {
	const asksForRevision = Boolean(wish.options.preconditions?.resourceVersion);
	// Budgets and pods of which the caller knows must be known here too.
	await context.objects.fresh(scope.signal);
	for (let tries = 1; ; tries += 1) {
		const pod = cacheOf(context, Pod).get(keyAt(scope, wish.name))?.object as Pod | undefined;
		if (!pod) throw notFound(scope.about, wish.name);
		const leave = isUndisturbed(pod) ? undefined : await askBudget(context, scope, wish, pod);
		const mustBeSame = leave === "because it is unready" || pod.status?.phase === "Pending";
		try {
			await deletePod(context, scope, wish, mustBeSame ? pod.metadata.resourceVersion : undefined);
			return;
		} catch (error) {
			if (asksForRevision || !isConflict(error) || !mustBeSame) throw error;
			if (leave) throw stillProcessing(wish.name);
			if (tries === TRIES) throw error;
			await context.objects.fresh(scope.signal);
		}
	}
}

type Leave = "because it is unready" | "counted" | undefined;

/** Undefined when no budget counts the pod. Throws 429 when its budget does not let it go. */
async function askBudget(
	context: RegistryContext,
	scope: Scope,
	{ name, isDry }: Wish,
	pod: Pod,
): Promise<Leave> {
	const budgets = context.objects.of<PodDisruptionBudget>(PodDisruptionBudget);
	const counting = budgetsOf(
		pod,
		budgets.list(scope.namespace).map(({ object }) => object),
	);
	if (counting.length > 1) throw new StatusError(SEVERAL_BUDGETS);
	const [budget] = counting;
	if (!budget) return undefined;
	if (isFree(pod, budget)) return "because it is unready";
	const budgetName = budget.metadata.name;
	try {
		await editObject(context, budgetScope(scope), {
			name: budgetName,
			dryRun: isDry,
			tries: TRIES,
			admitted: true,
			change: (stored) => charge(stored as PodDisruptionBudget, name, context.clock.now()),
			target: asIs(PodDisruptionBudget),
		});
	} catch (error) {
		if (!isConflict(error)) throw error;
		throw timeout(`couldn't update PodDisruptionBudget ${JSON.stringify(budgetName)} due to conflicts`);
	}
	return "counted";
}

const SEVERAL_BUDGETS: Status = Object.freeze({
	kind: "Status",
	apiVersion: "v1",
	metadata: {},
	status: "Failure",
	message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
	code: 500,
});

/** Says in the pod why it goes, and deletes it; `revision` is the one that leave was given for. */
async function deletePod(
	context: RegistryContext,
	scope: Scope,
	{ name, options, isDry }: Wish,
	revision: string | undefined,
): Promise<void> {
	const asked = options.preconditions?.resourceVersion ?? revision;
	const wanted: DeleteOptions = asked
		? { ...options, preconditions: { ...options.preconditions, resourceVersion: asked } }
		: options;
	if (isDry) {
		await deleteObject(context, scope, name, { ...wanted, dryRun: ["All"], admitted: true });
		return;
	}
	const { object } = await editObject(context, scope, {
		name,
		dryRun: false,
		tries: Number.POSITIVE_INFINITY,
		admitted: true,
		change: (stored) => {
			checkPreconditions(scope, stored, wanted);
			return withDisruption(stored as Pod, context.clock.now());
		},
		target: asIs(Pod),
	});
	const { resourceVersion } = object.metadata;
	await deleteObject(context, scope, name, {
		...wanted,
		...(asked ? { preconditions: { ...wanted.preconditions, resourceVersion } } : {}),
		dryRun: [],
		admitted: true,
	});
}

function withDisruption(pod: Pod, now: number): Pod {
	const conditions = pod.status?.conditions ?? [];
	const before = podCondition(pod, DISRUPTION_TARGET);
	const told = disruptionTarget("EvictionByEvictionAPI", "Eviction API: evicting", now);
	const since = before?.status === "True" ? before.lastTransitionTime : undefined;
	const condition: PodCondition = since ? { ...told, lastTransitionTime: since } : told;
	return {
		...pod,
		status: { ...pod.status, conditions: [...conditions.filter((one) => one !== before), condition] },
	};
}

/** What the server writes on its own account: stored as it is. */
const asIs = (kind: Target["kind"]): Target => ({
	kind,
	view: (stored) => stored,
	merge: (body) => body as KubeObject,
	validate: () => [],
	creates: false,
});

const budgetScope = (scope: Scope): Scope => ({
	...scope,
	kind: PodDisruptionBudget,
	about: resourceOf(PodDisruptionBudget),
	strategy: strategyOf(PodDisruptionBudget),
});
