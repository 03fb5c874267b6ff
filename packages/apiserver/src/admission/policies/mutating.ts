/**
 * MutatingAdmissionPolicy: expressions that change objects on their way in.
 * https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
import {
	type AnyKind,
	deepEqual,
	type KubeObject,
	MutatingAdmissionPolicy,
	MutatingAdmissionPolicyBinding,
	StatusError,
} from "@berth/api";
import { createBudget } from "../../cel/cel.ts";
import { type AdmissionPlugin, type AdmissionRequest, refuse } from "../admission.ts";
import { convert, isOwnForm, shownIn } from "../versions.ts";
import { policyActivation, withVariables } from "./activation.ts";
import { isExempt, matchRequest } from "./match.ts";
import { mutate } from "./mutate.ts";
import { paramsOf } from "./params.ts";
import { type Binding, createPolicySet, type Policy } from "./policy-set.ts";
import { PolicyFailure } from "./run-program.ts";
import { holds } from "./validate.ts";
import type { PolicyOptions } from "./validating.ts";

/** Between the rounds of one request. */
interface Notes {
	/** Those that want to see later changes, and have run. */
	readonly seen: Set<Policy>;
	/** Those of them that something has changed for. */
	readonly outdated: Set<Policy>;
	/** What the last policy left behind. */
	last: KubeObject | undefined;
}

export function mutatingPolicies(options: PolicyOptions): AdmissionPlugin {
	const policies = createPolicySet(
		options.objects.of<MutatingAdmissionPolicy>(MutatingAdmissionPolicy),
		options.objects.of<MutatingAdmissionPolicyBinding>(MutatingAdmissionPolicyBinding),
	);
	const key = {};
	return {
		name: "MutatingAdmissionPolicy",
		admit: async (request) => {
			const present = policies();
			// What is deleted or connected to is nobody's to change.
			if (!present.length || isExempt(request) || !request.outside || !request.object) return undefined;
			return admit(options, present, request, notesOf(request, key));
		},
	};
}

function notesOf({ round }: AdmissionRequest, key: object): Notes {
	const known = round?.notes.get(key) as Notes | undefined;
	const notes = known ?? { seen: new Set(), outdated: new Set(), last: undefined };
	round?.notes.set(key, notes);
	return notes;
}

async function admit(
	options: PolicyOptions,
	policies: readonly Policy[],
	request: AdmissionRequest,
	notes: Notes,
): Promise<KubeObject | undefined> {
	const { round } = request;
	const changed = () => {
		for (const policy of notes.seen) notes.outdated.add(policy);
	};
	if (round?.again && !deepEqual(request.object, notes.last)) changed();
	let { object } = request;
	for (const policy of policies) {
		if (round?.again && !notes.outdated.has(policy)) continue;
		const present = { ...request, object };
		const kind = matchRequest(policy.matcher, present, options);
		if (!kind) continue;
		const next = await applyPolicy(options, policy, present, kind);
		if (next) {
			object = next;
			changed();
			round?.repeat();
		}
		if (policy.again) notes.seen.add(policy);
	}
	notes.last = object;
	return object;
}

/** Undefined for no change. Throws StatusErrors for a policy that fails and may not be passed over. */
async function applyPolicy(
	options: PolicyOptions,
	policy: Policy,
	request: AdmissionRequest,
	kind: AnyKind,
): Promise<KubeObject | undefined> {
	let object = request.object;
	for (const binding of policy.bindings) {
		if (!matchRequest(binding.matcher, request, options)) continue;
		try {
			for (const params of await paramsOf(options, policy.paramKind, binding.paramRef, request)) {
				object = (await applyOnce(options, policy, { ...request, object }, { kind, params })) ?? object;
			}
		} catch (error) {
			if (!(error instanceof PolicyFailure || error instanceof StatusError)) throw error;
			if (policy.failOpen) continue;
			throw denied(request, policy, binding, error.message);
		}
	}
	return object === request.object ? undefined : object;
}

async function applyOnce(
	options: PolicyOptions,
	{ programs }: Policy,
	request: AdmissionRequest,
	{ kind, params }: { readonly kind: AnyKind; readonly params: KubeObject | null },
): Promise<KubeObject | undefined> {
	const { outside } = request;
	const shown = await shownIn(request, kind);
	if (!shown.object || !outside) return undefined;
	const activation = policyActivation(options, request, shown);
	if (!holds(programs, activation, params)) return undefined;
	const budget = createBudget();
	let view = shown.object;
	for (const mutation of programs.mutations) {
		const values = withVariables({ ...activation, object: view }, programs, { params, budget });
		view = mutate(mutation, view, { activation: values, budget, type: kind.schema });
	}
	if (deepEqual(view, shown.object)) return undefined;
	return outside.complete(isOwnForm(request) ? await convert(kind, request.kind, view) : view);
}

function denied(request: AdmissionRequest, policy: Policy, binding: Binding, text: string): StatusError {
	const message = `policy '${policy.name}' with binding '${binding.name}' denied request: ${text}`;
	const { status } = refuse(request, message);
	return new StatusError({
		...status,
		reason: "Invalid",
		code: 422,
		details: { ...status.details, causes: [{ message }] },
	});
}
