import { deepEqual } from "../../machinery/deep.ts";
import { type FieldError, forbiddenField, invalidValue, required } from "../../machinery/field-error.ts";
import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { bool, type Infer, int32, mapOf, object, ref, string, time, types } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { PersistentVolumeSpec } from "../core/persistent-volume.ts";
import { invalids } from "../field-checks.ts";
import { metadataField } from "../metadata-field.ts";
import { driverNameErrors } from "./storage-validation.ts";

export const VolumeAttachmentSource = object(
	"storage.v1.VolumeAttachmentSource",
	{
		persistentVolumeName: string({ pb: 1, nullable: true, doc: "Name of the volume." }),
		inlineVolumeSpec: ref(PersistentVolumeSpec, { pb: 2, nullable: true, doc: "The volume itself." }),
	},
	"The volume to attach.",
);
export interface VolumeAttachmentSource extends Infer<typeof VolumeAttachmentSource> {}

export const VolumeAttachmentSpec = object(
	"storage.v1.VolumeAttachmentSpec",
	{
		attacher: string({ required: true, pb: 1, doc: "Driver that does it." }),
		source: ref(VolumeAttachmentSource, { required: true, pb: 2, doc: "The volume." }),
		nodeName: string({ required: true, pb: 3, doc: "The node." }),
	},
	"Which volume is to be attached where.",
);
export interface VolumeAttachmentSpec extends Infer<typeof VolumeAttachmentSpec> {}

export const VolumeError = object(
	"storage.v1.VolumeError",
	{
		time: time({ pb: 1, doc: "When it happened." }),
		message: string({ pb: 2, doc: "What went wrong; no secrets here." }),
		errorCode: int32({ pb: 3, nullable: true, doc: "Code of the error, as the driver gave it." }),
	},
	"What went wrong when a volume was attached or detached.",
);
export interface VolumeError extends Infer<typeof VolumeError> {}

export const VolumeAttachmentStatus = object(
	"storage.v1.VolumeAttachmentStatus",
	{
		attached: bool({ required: true, pb: 1, doc: "Whether the volume is attached." }),
		attachmentMetadata: mapOf(types.string, { pb: 2, doc: "What the node must know to use it." }),
		attachError: ref(VolumeError, { pb: 3, nullable: true, doc: "Why it could not be attached." }),
		detachError: ref(VolumeError, { pb: 4, nullable: true, doc: "Why it could not be taken off." }),
	},
	"Whether the volume is attached.",
);
export interface VolumeAttachmentStatus extends Infer<typeof VolumeAttachmentStatus> {}

const VolumeAttachmentSchema = object(
	"storage.v1.VolumeAttachment",
	{
		metadata: metadataField,
		spec: ref(VolumeAttachmentSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(VolumeAttachmentStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Asks for a volume to be attached to a node, or taken off.",
);
export interface VolumeAttachment
	extends KubeObject,
		Omit<Infer<typeof VolumeAttachmentSchema>, "metadata"> {}

export const VolumeAttachment = defineKind<VolumeAttachment>({
	group: "storage.k8s.io",
	version: "v1",
	kind: "VolumeAttachment",
	plural: "volumeattachments",
	scope: "Cluster",
	schema: VolumeAttachmentSchema,
	hasStatus: true,
	columns: [
		{
			name: "Attacher",
			type: "string",
			description: "Driver that attaches the volume.",
			value: ({ spec }) => spec.attacher,
		},
		{
			name: "PV",
			type: "string",
			description: "The volume.",
			value: ({ spec }) => spec.source.persistentVolumeName ?? "",
		},
		{
			name: "Node",
			type: "string",
			description: "Where it is to be attached.",
			value: ({ spec }) => spec.nodeName,
		},
		{
			name: "Attached",
			type: "boolean",
			description: "Whether it is.",
			value: ({ status }) => status?.attached ?? false,
		},
		ageColumn,
	],
	validate: validateVolumeAttachment,
	validateUpdate: (next, old) =>
		deepEqual(next.spec, old.spec) ? [] : [invalidValue("spec", next.spec, "field is immutable")],
});

function validateVolumeAttachment({ spec }: VolumeAttachment): FieldError[] {
	const { attacher, nodeName = "" } = spec;
	return [
		...driverNameErrors("spec.attacher", attacher),
		...sourceErrors(spec.source ?? {}, "spec.source"),
		...invalids("spec.nodeName", nodeName, dnsSubdomainErrors(nodeName)),
	];
}

function sourceErrors(
	{ persistentVolumeName: name, inlineVolumeSpec }: VolumeAttachmentSource,
	path: string,
) {
	const one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
	const hasName = name !== undefined && name !== null;
	if (inlineVolumeSpec) return hasName ? [forbiddenField(path, one)] : [];
	if (!hasName) return [required(path, one)];
	return name
		? []
		: [required(`${path}.persistentVolumeName`, "must specify non empty persistentVolumeName")];
}
