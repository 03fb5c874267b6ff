import { deepEqual, isJsonObject } from "../../machinery/deep.ts";
import { invalidValue, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { any, type Infer, int64, object } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { nonNegative } from "../field-checks.ts";
import { metadataField } from "../metadata-field.ts";

const ControllerRevisionSchema = object(
	"apps.v1.ControllerRevision",
	{
		metadata: metadataField,
		data: any({ pb: 2, doc: "The state that was kept." }),
		revision: int64({ required: true, pb: 3, doc: "Number of the revision; the larger, the newer." }),
	},
	"A former or present template of a set, kept for going back.",
);
export interface ControllerRevision
	extends KubeObject,
		Omit<Infer<typeof ControllerRevisionSchema>, "metadata"> {}

/** `statefulset.apps/web`, or `<none>`. */
function controllerName({ metadata }: ControllerRevision): string {
	const owner = metadata.ownerReferences?.find(({ controller }) => controller);
	if (!owner) return "<none>";
	const [group, version] = owner.apiVersion?.split("/") ?? [];
	return `${`${owner.kind}${version ? `.${group}` : ""}`.toLowerCase()}/${owner.name}`;
}

export const ControllerRevision = defineKind<ControllerRevision>({
	group: "apps",
	version: "v1",
	kind: "ControllerRevision",
	plural: "controllerrevisions",
	scope: "Namespaced",
	schema: ControllerRevisionSchema,
	columns: [
		{
			name: "Controller",
			type: "string",
			description: "Whose revision it is.",
			value: (revision) => controllerName(revision),
		},
		{
			name: "Revision",
			type: "integer",
			description: "The larger, the newer.",
			value: ({ revision }) => revision,
		},
		ageColumn,
	],
	validate: ({ data, revision }) => [
		...(data === undefined || data === null
			? [required("data", "data is mandatory")]
			: isJsonObject(data)
				? []
				: [invalidValue("data", data, "must be a valid JSON object")]),
		...nonNegative("revision", revision),
	],
	validateUpdate: ({ data }, { data: old }) =>
		deepEqual(data ?? null, old ?? null) ? [] : [invalidValue("data", data, "field is immutable")],
});
