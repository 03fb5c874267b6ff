/** Validation of ingress classes. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
	tooLong,
} from "../../machinery/field-error.ts";
import { dnsLabelErrors, domainPrefixedPathErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";
import type { IngressClass, IngressClassParametersReference } from "./ingress-class.ts";
import { typedReferenceErrors } from "./reference-validation.ts";

const MAX_CONTROLLER = 250;
const SCOPES = ["Cluster", "Namespace"];

export function validateIngressClass({ spec }: IngressClass): FieldError[] {
	const { controller = "", parameters } = spec;
	const field = "spec.controller";
	return [
		...(controller.length > MAX_CONTROLLER ? [tooLong(field, MAX_CONTROLLER)] : []),
		...(controller ? invalids(field, controller, domainPrefixedPathErrors(controller)) : [required(field)]),
		...(parameters ? parameterErrors(parameters, "spec.parameters") : []),
	];
}

export const validateIngressClassUpdate = ({ spec }: IngressClass, old: IngressClass): FieldError[] =>
	spec.controller === old.spec.controller
		? []
		: [invalidValue("spec.controller", spec.controller, "field is immutable")];

function parameterErrors(reference: IngressClassParametersReference, path: string): FieldError[] {
	const { scope, namespace } = reference;
	return [
		...typedReferenceErrors(reference, path),
		...(namespace === undefined || namespace === null
			? []
			: invalids(`${path}.namespace`, namespace, dnsLabelErrors(namespace))),
		...scopeErrors(scope, namespace, path),
	];
}

function scopeErrors(
	scope: string | undefined | null,
	namespace: string | undefined | null,
	path: string,
): FieldError[] {
	if (!scope) return [required(`${path}.scope`)];
	if (!SCOPES.includes(scope)) return [notSupported(`${path}.scope`, scope, SCOPES)];
	if (scope === "Namespace" && !namespace) {
		return [required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'")];
	}
	if (scope === "Cluster" && namespace) {
		return [forbiddenField(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'")];
	}
	return [];
}
