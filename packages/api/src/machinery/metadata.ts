/** Validation of `metadata`: the rules every kind shares. */

import { deepEqual } from "./deep.ts";
import { type FieldError, forbiddenField, invalidValue, required, tooLong } from "./field-error.ts";
import type { AnyKind } from "./kind.ts";
import type { ObjectMeta, OwnerReference } from "./meta.ts";
import {
	dns1035LabelErrors,
	dnsLabelErrors,
	dnsSubdomainErrors,
	labelValueErrors,
	pathSegmentErrors,
	qualifiedNameErrors,
} from "./names.ts";

type Labels = Readonly<Record<string, string>> | undefined;
type Metadata = Partial<ObjectMeta>;

/** Total size of annotations, in bytes of keys and values. */
export const MAX_ANNOTATIONS_SIZE = 256 * 1024;

/** Everything about a new object's metadata. `generateName` is judged by the name it would become. */
export function validateObjectMeta(kind: AnyKind, metadata: Metadata): FieldError[] {
	return [
		...nameErrors(kind, metadata),
		...namespaceErrors(kind, metadata.namespace),
		...((metadata.generation ?? 0) < 0
			? [invalidValue("metadata.generation", metadata.generation, "must be greater than or equal to 0")]
			: []),
		...sharedErrors(metadata),
		...finalizerErrors(kind, metadata.finalizers),
	];
}

/** What an update may not do, and whatever it carries. Both sides are whole; the registry deals with resourceVersion. */
export function validateObjectMetaUpdate(metadata: Metadata, old: Metadata): FieldError[] {
	return [
		...newFinalizerErrors(metadata, old),
		...((metadata.generation ?? 0) < (old.generation ?? 0)
			? [invalidValue("metadata.generation", metadata.generation, "must not be decremented")]
			: []),
		...IMMUTABLE.filter((field) => !deepEqual(metadata[field] ?? null, old[field] ?? null)).map((field) =>
			invalidValue(`metadata.${field}`, metadata[field], "field is immutable"),
		),
		...sharedErrors(metadata),
	];
}

/** Messages about a name of this kind. `isPrefix` for a generateName. */
export function objectNameErrors(kind: AnyKind, name: string, isPrefix = false): string[] {
	const judged = isPrefix && name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;
	switch (kind.name) {
		case "dnsLabel":
			return dnsLabelErrors(judged);
		case "dnsLabelRfc1035":
			return dns1035LabelErrors(judged);
		case "pathSegment":
			return pathSegmentErrors(name);
		default:
			return dnsSubdomainErrors(judged);
	}
}

export function validateLabels(labels: Labels, path: string): FieldError[] {
	return Object.entries(labels ?? {}).flatMap(([key, value]) => [
		...qualifiedNameErrors(key).map((message) => invalidValue(path, key, message)),
		...labelValueErrors(value).map((message) => invalidValue(path, value, message)),
	]);
}

export function validateAnnotations(annotations: Labels, path: string): FieldError[] {
	const entries = Object.entries(annotations ?? {});
	const errors = entries.flatMap(([key]) =>
		qualifiedNameErrors(key.toLowerCase()).map((message) => invalidValue(path, key, message)),
	);
	const encoder = new TextEncoder();
	const size = entries.reduce(
		(sum, [key, value]) => sum + encoder.encode(key).length + encoder.encode(value).length,
		0,
	);
	return size > MAX_ANNOTATIONS_SIZE ? [...errors, tooLong(path, MAX_ANNOTATIONS_SIZE)] : errors;
}

const IMMUTABLE = [
	"name",
	"namespace",
	"uid",
	"creationTimestamp",
	"deletionTimestamp",
	"deletionGracePeriodSeconds",
] as const;

const STANDARD_FINALIZERS: readonly string[] = ["kubernetes", "orphan", "foregroundDeletion"];

function nameErrors(kind: AnyKind, { name = "", generateName = "" }: Metadata): FieldError[] {
	const prefix = generateName === "" ? [] : objectNameErrors(kind, generateName, true);
	const errors = prefix.map((message) => invalidValue("metadata.generateName", generateName, message));
	if (name === "") return [...errors, required("metadata.name", "name or generateName is required")];
	return [
		...errors,
		...objectNameErrors(kind, name).map((message) => invalidValue("metadata.name", name, message)),
	];
}

function namespaceErrors(kind: AnyKind, namespace = ""): FieldError[] {
	const field = "metadata.namespace";
	if (!kind.namespaced) return namespace === "" ? [] : [forbiddenField(field, "not allowed on this type")];
	if (namespace === "") return [required(field)];
	return dnsLabelErrors(namespace).map((message) => invalidValue(field, namespace, message));
}

const sharedErrors = ({ labels, annotations, ownerReferences }: Metadata): FieldError[] => [
	...validateLabels(labels, "metadata.labels"),
	...validateAnnotations(annotations, "metadata.annotations"),
	...ownerReferenceErrors(ownerReferences ?? []),
];

function ownerReferenceErrors(owners: readonly OwnerReference[]): FieldError[] {
	const path = "metadata.ownerReferences";
	const errors = owners.flatMap((owner, index) => ownerErrors(owner, `${path}[${index}]`));
	const controllers = owners.filter((owner) => owner.controller);
	const [first, ...others] = controllers;
	for (const other of others) {
		const names = `${first?.kind}/${first?.name} and ${other.kind}/${other.name}`;
		const message = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
		errors.push(invalidValue(path, owners, message));
	}
	return errors;
}

function ownerErrors(owner: OwnerReference, path: string): FieldError[] {
	const errors: FieldError[] = [];
	const { apiVersion = "" } = owner;
	if (apiVersion === "" || apiVersion.endsWith("/") || apiVersion.split("/").length > 2) {
		errors.push(invalidValue(`${path}.apiVersion`, apiVersion, "version must not be empty"));
	}
	for (const field of ["kind", "name", "uid"] as const) {
		if (!owner[field]) errors.push(invalidValue(`${path}.${field}`, "", "must not be empty"));
	}
	if (owner.apiVersion === "v1" && owner.kind === "Event") {
		errors.push(invalidValue(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
	}
	return errors;
}

function finalizerErrors(kind: AnyKind, finalizers: readonly string[] = []): FieldError[] {
	const path = "metadata.finalizers";
	const errors = finalizers.flatMap((finalizer) =>
		qualifiedNameErrors(finalizer).map((message) => invalidValue(path, finalizer, message)),
	);
	if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
		errors.push(invalidValue(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
	}
	finalizers.forEach((finalizer, index) => {
		if (kind.freeFinalizers || finalizer.includes("/") || STANDARD_FINALIZERS.includes(finalizer)) return;
		errors.push(
			invalidValue(
				`${path}[${index}]`,
				finalizer,
				"name is neither a standard finalizer name nor is it fully qualified",
			),
		);
	});
	return errors;
}

function newFinalizerErrors(metadata: Metadata, old: Metadata): FieldError[] {
	const before = old.finalizers ?? [];
	const added = (metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
	if (!old.deletionTimestamp || added.length === 0) return [];
	const shown = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(", ")}}`;
	return [
		forbiddenField(
			"metadata.finalizers",
			`no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`,
		),
	];
}
