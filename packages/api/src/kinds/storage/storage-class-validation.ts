/** Validation of storage classes. */
import { deepEqual } from "../../machinery/deep.ts";
import {
	duplicate,
	type FieldError,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import { duplicates, qualifiedName } from "../field-checks.ts";
import type { StorageClass, TopologySelectorTerm } from "./storage-class.ts";
import { fixed, parameterErrors, provisionerErrors } from "./storage-validation.ts";

const POLICIES = ["Delete", "Retain"];

export function validateStorageClass(storageClass: StorageClass): FieldError[] {
	const { provisioner, parameters = {}, reclaimPolicy, allowedTopologies = [] } = storageClass;
	return [
		...provisionerErrors("provisioner", provisioner),
		...parameterErrors(parameters),
		...(reclaimPolicy === "Recycle" ? [notSupported("reclaimPolicy", reclaimPolicy, POLICIES)] : []),
		...allowedTopologies.flatMap((term, index) => termErrors(term, `allowedTopologies[${index}]`)),
		...allowedTopologies.flatMap((term, index) =>
			allowedTopologies.findIndex((other) => deepEqual(other, term)) < index
				? [duplicate(`allowedTopologies[${index}]`, "")]
				: [],
		),
	];
}

export function validateStorageClassUpdate(next: StorageClass, old: StorageClass): FieldError[] {
	return [
		...(deepEqual(next.parameters ?? {}, old.parameters ?? {}) ? [] : [fixed("parameters")]),
		...(next.provisioner === old.provisioner ? [] : [fixed("provisioner")]),
		...(next.reclaimPolicy === old.reclaimPolicy ? [] : [fixed("reclaimPolicy")]),
		...(next.volumeBindingMode === old.volumeBindingMode
			? []
			: [invalidValue("volumeBindingMode", next.volumeBindingMode, "field is immutable")]),
	];
}

function termErrors({ matchLabelExpressions = [] }: TopologySelectorTerm, path: string): FieldError[] {
	const at = (index: number) => `${path}.matchLabelExpressions[${index}]`;
	return [
		...matchLabelExpressions.flatMap(({ key, values = [] }, index) => [
			...qualifiedName(`${at(index)}.key`, key),
			...(values.length === 0 ? [required(`${at(index)}.values`)] : []),
			...duplicates(values, (position) => `${at(index)}.values[${position}]`),
		]),
		...duplicates(
			matchLabelExpressions.map(({ key }) => key),
			(index) => `${at(index)}.key`,
		),
	];
}
