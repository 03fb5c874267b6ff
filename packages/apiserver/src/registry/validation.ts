/** Every check of an object about to be stored, with all causes at once. */
import {
	type AnyKind,
	type FieldError,
	invalid,
	type KubeObject,
	validateObjectMeta,
	validateObjectMetaUpdate,
	validateStructure,
} from "@berth/api";
import { kindOf } from "./context.ts";

export function validateNew(kind: AnyKind, object: KubeObject): FieldError[] {
	return [
		...validateObjectMeta(kind, object.metadata),
		...unlessBroken(validateStructure(kind.schema, object, ""), () => [
			...(kind.validate?.(object) ?? []),
			...(kind.validateCreate?.(object) ?? []),
		]),
	];
}

export function validateChanged(kind: AnyKind, next: KubeObject, old: KubeObject): FieldError[] {
	return [
		...validateObjectMetaUpdate(next.metadata, old.metadata),
		...validateObjectMeta(kind, next.metadata),
		...unlessBroken(validateStructure(kind.schema, next, "", old), () => [
			...(kind.validateUpdate?.(next, old) ?? []),
			...(kind.validate?.(next) ?? []),
		]),
	];
}

export function validateStatusChanged(kind: AnyKind, next: KubeObject, old: KubeObject): FieldError[] {
	return [
		...validateObjectMetaUpdate(next.metadata, old.metadata),
		...validateObjectMeta(kind, next.metadata),
		...unlessBroken(
			validateStructure(kind.schema, next, "", old),
			() => kind.validateStatusUpdate?.(next, old) ?? [],
		),
	];
}

/** Throws 422 with every cause. */
export function refuseInvalid(kind: AnyKind, name: string, errors: readonly FieldError[]): void {
	if (errors.length) throw invalid(kindOf(kind), name, unique(errors));
}

/** A kind's own checks rely on the types of values, not on closed sets of them. */
function unlessBroken(structure: FieldError[], more: () => FieldError[]): FieldError[] {
	const isBroken = structure.some(({ type }) => type !== "FieldValueNotSupported");
	return isBroken ? structure : [...structure, ...more()];
}

/** `validate` and `validateUpdate` may find the same fault. */
function unique(errors: readonly FieldError[]): FieldError[] {
	const seen = new Map(errors.map((error) => [`${error.field}: ${error.message}`, error]));
	return [...seen.values()];
}
