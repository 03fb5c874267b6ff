/** Tables as `kubectl get` prints them: the server decides the columns, from those that the kind declares. */
import type { AnyKind, Column } from "./kind.ts";
import type { KubeObject, ListMeta } from "./meta.ts";

/** How much of each object a row carries beside its cells. */
export type IncludeObject = "None" | "Metadata" | "Object";

export interface TableOptions {
	/** Milliseconds since the epoch, for ages. */
	readonly now: number;
	/** Of the list. Default: the revision of the first object. */
	readonly metadata?: ListMeta | undefined;
	/** Default "Metadata". */
	readonly includeObject?: IncludeObject | undefined;
	/** Version of `meta.k8s.io`. Default "v1". */
	readonly version?: string | undefined;
}

export interface ColumnDefinition {
	readonly name: string;
	readonly type: string;
	readonly format: string;
	readonly description: string;
	readonly priority: number;
}

export interface TableRow {
	readonly cells: readonly (string | number | boolean | null)[];
	readonly object?: object;
}

export interface Table {
	readonly kind: "Table";
	readonly apiVersion: string;
	readonly metadata: ListMeta;
	readonly columnDefinitions: readonly ColumnDefinition[];
	readonly rows: readonly TableRow[];
}

/** A row for each object, in the given order. The name comes first, unless the kind places it elsewhere. */
export function tableOf(kind: AnyKind, objects: readonly KubeObject[], options: TableOptions): Table {
	const { now, version = "v1", includeObject = "Metadata" } = options;
	const declared: readonly Column<KubeObject>[] = kind.columns;
	const isNamed = declared.some(({ format }) => format === "name");
	const columns = isNamed ? declared : [NAME, ...declared];
	return {
		kind: "Table",
		apiVersion: `meta.k8s.io/${version}`,
		metadata: options.metadata ?? revisionOf(objects[0]),
		columnDefinitions: columns.map(definitionOf),
		rows: objects.map((object) => ({
			cells: columns.map((column) => column.value(object, now)),
			...carried(object, includeObject, version),
		})),
	};
}

/** An object's metadata under its own kind: what metadata-only clients read. */
export const partialMetadata = (object: KubeObject, version = "v1"): object => ({
	kind: "PartialObjectMetadata",
	apiVersion: `meta.k8s.io/${version}`,
	metadata: object.metadata,
});

function carried(object: KubeObject, include: IncludeObject, version: string): { object?: object } {
	if (include === "None") return {};
	return { object: include === "Object" ? object : partialMetadata(object, version) };
}

const revisionOf = (object: KubeObject | undefined): ListMeta =>
	object ? { resourceVersion: object.metadata.resourceVersion } : {};

const NAME: Column<KubeObject> = {
	name: "Name",
	format: "name",
	description: "Name of the object, unique among its kind in its namespace.",
	value: (object) => object.metadata.name,
};

const definitionOf = (column: Column<KubeObject>): ColumnDefinition => ({
	name: column.name,
	type: column.type ?? "string",
	format: column.format ?? "",
	description: column.description ?? "",
	priority: column.priority ?? 0,
});
