/** Validation of role bindings. */
import { type FieldError, invalidValue, notSupported, required } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors, pathSegmentErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";
import { type AnyBinding, RBAC_GROUP } from "./binding.ts";
import type { RoleRef, Subject } from "./subject.ts";

interface Options {
	/** Of a RoleBinding. */
	readonly namespaced: boolean;
}

export const validateBinding = ({ roleRef, subjects = [] }: AnyBinding, options: Options): FieldError[] => [
	...roleErrors(roleRef ?? {}, options),
	...subjects.flatMap((subject, index) => subjectErrors(subject, options, `subjects[${index}]`)),
];

/** A binding to another role is another binding. */
export const validateBindingUpdate = ({ roleRef }: AnyBinding, { roleRef: old }: AnyBinding): FieldError[] =>
	roleRef.apiGroup === old.apiGroup && roleRef.kind === old.kind && roleRef.name === old.name
		? []
		: [invalidValue("roleRef", roleRef, "cannot change roleRef")];

function roleErrors(
	{ apiGroup = "", kind = "", name = "" }: Partial<RoleRef>,
	{ namespaced }: Options,
): FieldError[] {
	const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
	return [
		...(apiGroup === RBAC_GROUP ? [] : [notSupported("roleRef.apiGroup", apiGroup, [RBAC_GROUP])]),
		...(kinds.includes(kind) ? [] : [notSupported("roleRef.kind", kind, kinds)]),
		...(name ? invalids("roleRef.name", name, pathSegmentErrors(name)) : [required("roleRef.name")]),
	];
}

function subjectErrors(subject: Subject, { namespaced }: Options, path: string): FieldError[] {
	const { kind = "", apiGroup = "", name = "", namespace = "" } = subject;
	const nameless = name ? [] : [required(`${path}.name`)];
	switch (kind) {
		case "ServiceAccount":
			return [
				...nameless,
				...(name ? invalids(`${path}.name`, name, dnsSubdomainErrors(name)) : []),
				...(apiGroup ? [notSupported(`${path}.apiGroup`, apiGroup, [""])] : []),
				...(namespace || namespaced ? [] : [required(`${path}.namespace`)]),
			];
		case "User":
		case "Group":
			return [
				...nameless,
				...(apiGroup === RBAC_GROUP ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [RBAC_GROUP])]),
			];
		default:
			return [...nameless, notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"])];
	}
}
