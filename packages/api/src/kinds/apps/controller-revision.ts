import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { any, type Infer, int64, object } from "../../machinery/schema.ts";
import { metadataField } from "../metadata-field.ts";

const ControllerRevisionSchema = object("apps.v1.ControllerRevision", {
	metadata: metadataField,
	data: any({ pb: 2 }),
	revision: int64({ required: true, pb: 3 }),
});
export interface ControllerRevision
	extends KubeObject,
		Omit<Infer<typeof ControllerRevisionSchema>, "metadata"> {}

export const ControllerRevision = defineKind<ControllerRevision>({
	group: "apps",
	version: "v1",
	kind: "ControllerRevision",
	plural: "controllerrevisions",
	scope: "Namespaced",
	schema: ControllerRevisionSchema,
	columns: [],
});
