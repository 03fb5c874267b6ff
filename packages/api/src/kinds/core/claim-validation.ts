/** Validation of claims to volumes. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { compareQuantities } from "../../machinery/quantity.ts";
import {
	dnsSubdomain,
	nonNegativeQuantity,
	optionalName,
	positiveQuantity,
	requiredText,
	unchangedScalar,
} from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import { sameValue } from "../same-value.ts";
import type { PersistentVolumeClaim } from "./persistent-volume-claim.ts";
import { PersistentVolumeClaimSpec } from "./persistent-volume-claim-spec.ts";
import { TypedLocalObjectReference, type TypedObjectReference } from "./references.ts";
import { specDiff } from "./spec-diff.ts";

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** Modes of a claim or a volume, which must not be empty. */
export function validateAccessModes(
	modes: readonly string[] | undefined,
	field: string,
	missing = "",
): FieldError[] {
	if (!modes?.length) return [required(field, missing)];
	const isMixed = modes.includes("ReadWriteOncePod") && modes.some((mode) => mode !== "ReadWriteOncePod");
	return [
		...modes
			.filter((mode) => !ACCESS_MODES.includes(mode))
			.map((mode) => notSupported(field, mode, ACCESS_MODES)),
		...(isMixed ? [forbiddenField(field, "may not use ReadWriteOncePod with other access modes")] : []),
	];
}

export const validateClaim = ({ spec }: PersistentVolumeClaim): FieldError[] =>
	validateClaimSpec(spec, "spec");

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
	const storage = spec.resources?.requests?.storage;
	const field = `${path}.resources[storage]`;
	return [
		...validateAccessModes(spec.accessModes, `${path}.accessModes`, "at least 1 access mode is required"),
		...validateLabelSelector(spec.selector, `${path}.selector`),
		...(storage === undefined ? [required(field)] : positiveQuantity(field, storage)),
		...optionalName(`${path}.storageClassName`, spec.storageClassName, dnsSubdomainErrors),
		...sourceErrors(spec, path),
		...optionalName(`${path}.volumeAttributesClassName`, spec.volumeAttributesClassName, dnsSubdomainErrors),
	];
}

function sourceErrors({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec, path: string): FieldError[] {
	return [
		...(dataSource ? referenceErrors(dataSource, `${path}.dataSource`) : []),
		...(dataSourceRef
			? [
					...referenceErrors(dataSourceRef, `${path}.dataSourceRef`),
					...dnsSubdomain(`${path}.dataSourceRef.namespace`, dataSourceRef.namespace),
				]
			: []),
		...(dataSource && dataSourceRef ? pairErrors(dataSource, dataSourceRef, path) : []),
	];
}

function pairErrors(source: TypedLocalObjectReference, other: TypedObjectReference, path: string) {
	if (other.namespace)
		return [
			invalidValue(
				path,
				`${path}.dataSource`,
				"may not be specified when dataSourceRef.namespace is specified",
			),
		];
	return sameValue(TypedLocalObjectReference, source, other)
		? []
		: [invalidValue(path, `${path}.dataSource`, "must match dataSourceRef")];
}

const referenceErrors = (
	{ apiGroup, kind, name }: TypedLocalObjectReference | TypedObjectReference,
	path: string,
): FieldError[] => [
	...requiredText(`${path}.name`, name),
	...requiredText(`${path}.kind`, kind),
	...(!apiGroup && kind !== "PersistentVolumeClaim"
		? [
				invalidValue(
					path,
					kind ?? "",
					"must be 'PersistentVolumeClaim' when referencing the default apiGroup",
				),
			]
		: []),
	...dnsSubdomain(`${path}.apiGroup`, apiGroup),
];

const SIZE = "spec.resources.requests.storage";

/** A claim may be bound once, grow while it is bound, and change what its volume can do. */
export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
	const frozen = withOldMutables(claim, old);
	const isSame = sameValue(PersistentVolumeClaimSpec, frozen, old.spec);
	const size = claim.spec.resources?.requests?.storage ?? "0";
	const before = old.spec.resources?.requests?.storage ?? "0";
	const capacity = old.status?.capacity?.storage;
	const shrinksTooFar =
		compareQuantities(size, before) < 0 && (capacity === undefined || compareQuantities(size, capacity) <= 0);
	return [
		...(isSame
			? []
			: [
					forbiddenField(
						"spec",
						`spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${specDiff(PersistentVolumeClaimSpec, old.spec, frozen)}`,
					),
				]),
		...(shrinksTooFar ? [forbiddenField(SIZE, "field can not be less than status.capacity")] : []),
		...unchangedScalar("spec.volumeMode", claim.spec.volumeMode, old.spec.volumeMode),
		...(old.spec.volumeAttributesClassName && !claim.spec.volumeAttributesClassName
			? [forbiddenField("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden")]
			: []),
	];
}

/** The new spec with everything that may change put back: what still differs may not. */
function withOldMutables(
	{ spec, status }: PersistentVolumeClaim,
	{ spec: old }: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
	const { storage: _, ...requests } = spec.resources?.requests ?? {};
	const before = old.resources?.requests?.storage;
	const resizes = status?.phase === "Bound" && spec.resources?.requests !== undefined;
	const isClassGiven = old.storageClassName === undefined && spec.storageClassName !== undefined;
	return {
		...spec,
		volumeName: old.volumeName ? spec.volumeName : old.volumeName,
		storageClassName: isClassGiven ? old.storageClassName : spec.storageClassName,
		volumeAttributesClassName: old.volumeAttributesClassName,
		...(resizes
			? {
					resources: {
						...spec.resources,
						requests: before === undefined ? requests : { ...requests, storage: before },
					},
				}
			: {}),
	};
}

export const validateClaimStatus = ({ spec, status }: PersistentVolumeClaim): FieldError[] => [
	...(spec.accessModes?.length ? [] : [required("Spec.accessModes")]),
	...Object.entries(status?.capacity ?? {}).flatMap(([name, amount]) =>
		nonNegativeQuantity(`status.capacity[${name}]`, amount),
	),
	...Object.entries(status?.allocatedResources ?? {}).flatMap(([name, amount]) =>
		nonNegativeQuantity(`status.allocatedResources[${name}]`, amount),
	),
];
