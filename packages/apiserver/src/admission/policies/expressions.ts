/** Expressions are compiled before they are stored: what is wrong with them is told to whoever writes them. */
import {
	type FieldError,
	invalid,
	invalidValue,
	type KubeObject,
	type MatchCondition,
	MutatingAdmissionPolicy,
	MutatingWebhookConfiguration,
	ValidatingAdmissionPolicy,
	ValidatingWebhookConfiguration,
} from "@berth/api";
import type { AdmissionPlugin } from "../admission.ts";
import { CONDITION_ENVIRONMENT } from "./environment.ts";
import { allPrograms, type Compiled, compileConditions, compilePolicy } from "./programs.ts";

/** Refuses policies and webhooks whose expressions do not compile. */
export function checkExpressions(): AdmissionPlugin {
	return {
		name: "Expressions",
		validate: ({ kind, subresource, object, old }) => {
			if (!object || subresource || kind.group !== "admissionregistration.k8s.io") return;
			// What stood there before may stay, whatever the language has become.
			const before = new Set(old && compiledOf(kind, old)?.map(({ path, expression }) => path + expression));
			const errors = (compiledOf(kind, object) ?? [])
				.filter(({ path, expression }) => !before.has(path + expression))
				.flatMap(errorOf);
			if (errors.length) {
				throw invalid({ group: kind.group, resource: kind.kind }, object.metadata.name, errors);
			}
		},
	};
}

function errorOf({ path, expression, program }: Compiled): FieldError[] {
	return program instanceof Error ? [invalidValue(path, expression, program.message)] : [];
}

function compiledOf(kind: unknown, object: KubeObject): readonly Compiled[] | undefined {
	switch (kind) {
		case ValidatingAdmissionPolicy:
		case MutatingAdmissionPolicy:
			return allPrograms(compilePolicy((object as ValidatingAdmissionPolicy | MutatingAdmissionPolicy).spec));
		case ValidatingWebhookConfiguration:
		case MutatingWebhookConfiguration:
			return conditionsOf(object as ValidatingWebhookConfiguration | MutatingWebhookConfiguration);
		default:
			return undefined;
	}
}

const conditionsOf = ({
	webhooks = [],
}: {
	readonly webhooks?:
		| readonly { readonly matchConditions?: readonly MatchCondition[] | undefined }[]
		| undefined;
}): readonly Compiled[] =>
	webhooks.flatMap(({ matchConditions = [] }, index) =>
		compileConditions(matchConditions, CONDITION_ENVIRONMENT, `webhooks[${index}].matchConditions`),
	);
