/** Which objects a list, watch or deletecollection is about: label and field selectors as one predicate. */
import {
	type AnyKind,
	badRequest,
	type FieldSelector,
	type KubeObject,
	parseFieldSelector,
	parseLabelSelector,
} from "@berth/api";

export interface Selection {
	matches(object: KubeObject): boolean;
	/** Selects everything: counts of what remains are then known. */
	readonly everything: boolean;
	/** The only name that can match: no list need be walked. */
	readonly name: string | undefined;
}

/** `name` is that of the path, where there is one. Throws 400 in Kubernetes' words. */
export function selectionOf(kind: AnyKind, query: URLSearchParams, name?: string): Selection {
	const labels = parseLabelSelector(query.get("labelSelector") ?? "");
	const fields = parseFieldSelector(query.get("fieldSelector") ?? "");
	const read = fieldReader(kind, fields);
	const selectedName = exactName(fields);
	if (name !== undefined && fields.requirements.length && selectedName !== name) {
		throw badRequest("fieldSelector metadata.name doesn't match requested name");
	}
	const wanted = name ?? selectedName;
	const byFields = fields.requirements.length > 0;
	return {
		matches: (object) =>
			(wanted === undefined || object.metadata.name === wanted) &&
			(labels.empty || labels.matches(object.metadata.labels)) &&
			(!byFields || fields.matches((path) => read(path, object))),
		everything: labels.empty && !byFields && wanted === undefined,
		name: wanted,
	};
}

type FieldReader = (path: string, object: KubeObject) => string;

/** Throws 400 when a field cannot be selected by. */
function fieldReader(kind: AnyKind, fields: FieldSelector): FieldReader {
	const own = new Map<string, (object: KubeObject) => string>(Object.entries(kind.selectableFields ?? {}));
	own.set("metadata.name", (object) => object.metadata.name);
	own.set("metadata.namespace", (object) => object.metadata.namespace ?? "");
	for (const { path } of fields.requirements) {
		if (own.has(path)) continue;
		throw badRequest(
			kind.selectableFields
				? `field label not supported: ${path}`
				: `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
		);
	}
	return (path, object) => own.get(path)?.(object) ?? "";
}

function exactName(fields: FieldSelector): string | undefined {
	const exact = fields.requirements.find(
		({ path, operator }) => path === "metadata.name" && operator !== "!=",
	);
	return exact?.value;
}
