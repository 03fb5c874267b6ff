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
import { mutateInTurn } from "../mutate-in-turn.ts";
import { convert, isOwnForm, shownIn } from "../versions.ts";
import { policyActivation, withVariables } from "./activation.ts";
import { isExempt, matchRequest } from "./match.ts";
import { mutate } from "./mutate.ts";
import { paramsOf } from "./params.ts";
import { type Binding, createPolicySet, type Policy } from "./policy-set.ts";
import { PolicyFailure } from "./run-program.ts";
import { holds } from "./validate.ts";
import type { PolicyOptions } from "./validating.ts";

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
			return mutateInTurn(present, request, key, async (policy, current) => {
				const kind = matchRequest(policy.matcher, current, options);
				if (!kind) return { ran: false };
				return { ran: true, object: await applyPolicy(options, policy, current, kind) };
			});
		},
	};
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
