/**
 * Between the two ways of kubectl to apply: what it recorded in an annotation when it applied from the client's side is its
 * own to change from the server's, and the record is kept up while it is there.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#migration-between-client-side-and-server-side-apply
 */
import {
	type AnyKind,
	type FieldConflict,
	fieldSetOf,
	fieldsBeyond,
	isJsonObject,
	type JsonObject,
	type KubeObject,
	MAX_ANNOTATIONS_SIZE,
	type Unowned,
} from "@berth/api";

/** The manager for which all of this holds. */
export const KUBECTL = "kubectl";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The record itself is nobody's concern while it is kept up. */
export const besideRecord = (unowned: Unowned): Unowned => {
	const { metadata } = unowned;
	if (metadata === true) return unowned;
	return { ...unowned, metadata: { ...metadata, annotations: { [LAST_APPLIED]: true } } };
};

/** Conflicts about fields that kubectl has not applied from the client's side. */
export function beyondRecord(
	kind: AnyKind,
	stored: KubeObject,
	conflicts: readonly FieldConflict[],
): readonly FieldConflict[] {
	if (conflicts.length === 0) return conflicts;
	const record = recordOf(stored);
	return record ? fieldsBeyond(conflicts, fieldSetOf(kind.schema, record)) : conflicts;
}

/** The object with the configuration as its record, when it has one. */
export function withRecord(object: JsonObject, stored: KubeObject, configuration: JsonObject): JsonObject {
	if (stored.metadata.annotations?.[LAST_APPLIED] === undefined) return object;
	const text = `${JSON.stringify(withoutRecord(configuration))}\n`;
	if (Buffer.byteLength(text) > MAX_ANNOTATIONS_SIZE) return object;
	const metadata = isJsonObject(object.metadata) ? object.metadata : {};
	const annotations = isJsonObject(metadata.annotations) ? metadata.annotations : {};
	return { ...object, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

function recordOf({ metadata }: KubeObject): JsonObject | undefined {
	try {
		const record: unknown = JSON.parse(metadata.annotations?.[LAST_APPLIED] ?? "");
		return isJsonObject(record) ? record : undefined;
	} catch {
		return undefined;
	}
}

function withoutRecord(configuration: JsonObject): JsonObject {
	const metadata = configuration.metadata;
	if (!isJsonObject(metadata) || !isJsonObject(metadata.annotations)) return configuration;
	const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations;
	return { ...configuration, metadata: { ...metadata, annotations } };
}
