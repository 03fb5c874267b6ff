/** Tables as `kubectl get` prints them, from the kind's columns. */
import type { AnyKind } from "@berth/api";
import type { Cached } from "../store/objects.ts";
import type { MetaVersion } from "./negotiation.ts";
import type { IncludeObject } from "./rendition.ts";

export interface TableOptions {
	readonly includeObject: IncludeObject;
	/** Milliseconds since the epoch, for ages. */
	readonly now: number;
	readonly version: MetaVersion;
	/** Of the list; absent for a single object, whose own revision is then the table's. */
	readonly metadata?: object | undefined;
}

export interface Table {
	readonly kind: "Table";
	readonly apiVersion: string;
	readonly metadata: object;
	readonly columnDefinitions: readonly object[];
	readonly rows: readonly { readonly cells: readonly unknown[]; readonly object?: object }[];
}

export function tableFor(kind: AnyKind, items: readonly Cached[], options: TableOptions): Table {
	const apiVersion = `meta.k8s.io/${options.version}`;
	return {
		kind: "Table",
		apiVersion,
		metadata: options.metadata ?? { resourceVersion: String(items[0]?.revision ?? 0) },
		columnDefinitions: [NAME_COLUMN, ...kind.columns.map(definition)],
		rows: items.map(({ object }) => ({
			cells: [object.metadata.name, ...kind.columns.map((column) => column.value(object, options.now))],
			...(options.includeObject === "None"
				? {}
				: {
						object:
							options.includeObject === "Object"
								? object
								: { kind: "PartialObjectMetadata", apiVersion, metadata: object.metadata },
					}),
		})),
	};
}

const NAME_COLUMN = {
	name: "Name",
	type: "string",
	format: "name",
	description: "Name of the object, unique among its kind in its namespace.",
	priority: 0,
};

const definition = ({
	name,
	type = "string",
	format = "",
	description = "",
	priority = 0,
}: AnyKind["columns"][number]) => ({
	name,
	type,
	format,
	description,
	priority,
});
