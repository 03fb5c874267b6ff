/**
 * ValidatingAdmissionPolicy: expressions that may refuse a request, warn of it or note it.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
import {
	type AnyKind,
	type Logger,
	StatusError,
	ValidatingAdmissionPolicy,
	ValidatingAdmissionPolicyBinding,
} from "@berth/api";
import type { Authorizer } from "../../auth/auth.ts";
import type { Objects } from "../../store/objects.ts";
import { type AdmissionPlugin, type AdmissionRequest, refuse } from "../admission.ts";
import { shownIn } from "../versions.ts";
import { policyActivation } from "./activation.ts";
import { isExempt, matchRequest } from "./match.ts";
import { paramsOf } from "./params.ts";
import { type Binding, createPolicySet, type Policy } from "./policy-set.ts";
import { PolicyFailure } from "./run-program.ts";
import { type Denial, judge } from "./validate.ts";

export interface PolicyOptions {
	readonly objects: Objects;
	/** Those served now. */
	readonly kinds: () => readonly AnyKind[];
	readonly authorizer: Authorizer;
	readonly log: Logger;
}

interface Refusal {
	readonly policy: Policy;
	readonly binding: Binding;
	readonly denial: Denial;
}

export function validatingPolicies(options: PolicyOptions): AdmissionPlugin {
	const policies = createPolicySet(
		options.objects.of<ValidatingAdmissionPolicy>(ValidatingAdmissionPolicy),
		options.objects.of<ValidatingAdmissionPolicyBinding>(ValidatingAdmissionPolicyBinding),
	);
	return {
		name: "ValidatingAdmissionPolicy",
		validate: async (request) => {
			const present = policies();
			if (!present.length || isExempt(request)) return;
			const refusals: Refusal[] = [];
			for (const policy of present) refusals.push(...(await denialsOf(options, policy, request)));
			// All are told of, also those behind the one that refuses.
			const [enforced] = refusals.filter((refusal) => carryOut(options, request, refusal));
			if (enforced) throw denied(request, enforced);
		},
	};
}

async function denialsOf(
	options: PolicyOptions,
	policy: Policy,
	request: AdmissionRequest,
): Promise<Refusal[]> {
	const kind = matchRequest(policy.matcher, request, options);
	if (!kind) return [];
	const shown = await shownIn(request, kind);
	const activation = policyActivation(options, request, shown);
	const refusals: Refusal[] = [];
	for (const binding of policy.bindings) {
		if (!matchRequest(binding.matcher, request, options)) continue;
		const refuseBy = (denial: Denial) => refusals.push({ policy, binding, denial });
		try {
			for (const params of await paramsOf(options, policy.paramKind, binding.paramRef, request)) {
				const { denials, annotations } = judge(policy, activation, params);
				for (const denial of denials) refuseBy(denial);
				note(options.log, policy, annotations);
			}
		} catch (error) {
			if (!(error instanceof PolicyFailure)) throw error;
			if (!policy.failOpen) {
				// A binding that cannot be followed refuses, whatever its actions.
				const enforcing = { ...binding, actions: ["Deny"] };
				const denial = { message: error.message, reason: "Invalid", index: undefined };
				refusals.push({ policy, binding: enforcing, denial });
			}
		}
	}
	return refusals;
}

/** Whether the request is to be refused. */
function carryOut(
	{ log }: PolicyOptions,
	request: AdmissionRequest,
	{ policy, binding, denial }: Refusal,
): boolean {
	const { actions } = binding;
	if (actions.includes("Warn")) {
		request.warn?.(
			`Validation failed for ValidatingAdmissionPolicy '${policy.name}' with binding '${binding.name}': ${denial.message}`,
		);
	}
	if (actions.includes("Audit")) {
		const failure = {
			message: denial.message,
			policy: policy.name,
			binding: binding.name,
			expressionIndex: denial.index ?? 0,
			validationActions: actions,
		};
		log.debug(
			{ annotations: { "validation.policy.admission.k8s.io/validation_failure": [failure] } },
			"a policy annotates a request",
		);
	}
	return actions.includes("Deny");
}

function note(log: Logger, { name }: Policy, annotations: Readonly<Record<string, string>>): void {
	const entries = Object.entries(annotations);
	if (!entries.length) return;
	log.debug(
		{ annotations: Object.fromEntries(entries.map(([key, text]) => [`${name}/${key}`, text])) },
		"a policy annotates a request",
	);
}

const CODES: Readonly<Record<string, number>> = {
	Forbidden: 403,
	Unauthorized: 401,
	RequestEntityTooLarge: 413,
	Invalid: 422,
};

function denied(request: AdmissionRequest, { policy, binding, denial }: Refusal): StatusError {
	const message = `ValidatingAdmissionPolicy '${policy.name}' with binding '${binding.name}' denied request: ${denial.message}`;
	const { status } = refuse(request, message);
	return new StatusError({
		...status,
		reason: denial.reason,
		code: CODES[denial.reason] ?? 422,
		details: { ...status.details, causes: [{ message }] },
	});
}
