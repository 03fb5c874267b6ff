import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, bytes, type Infer, int32, object, ref, string } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { conditionFields, conditionsField } from "../conditions.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateAPIService } from "./api-service-validation.ts";

export const APIServiceReference = object(
	"apiregistration.v1.ServiceReference",
	{
		namespace: string({ pb: 1, doc: "Namespace of the service." }),
		name: string({ pb: 2, doc: "Name of the service." }),
		port: int32({ pb: 3, nullable: true, doc: "Its port; 443 by default." }),
	},
	"A service of the cluster.",
);
export interface APIServiceReference extends Infer<typeof APIServiceReference> {}

export const APIServiceSpec = object(
	"apiregistration.v1.APIServiceSpec",
	{
		service: ref(APIServiceReference, {
			pb: 1,
			nullable: true,
			doc: "Service of the server; none: this one.",
		}),
		group: string({ pb: 2, doc: "The group." }),
		version: string({ pb: 3, doc: "The version." }),
		insecureSkipTLSVerify: bool({ pb: 4, doc: "Whether its certificate is not checked." }),
		caBundle: bytes({ pb: 5, doc: "Authorities of its certificate, PEM." }),
		groupPriorityMinimum: int32({
			required: true,
			pb: 7,
			doc: "The higher, the earlier the group stands in discovery.",
		}),
		versionPriority: int32({
			required: true,
			pb: 8,
			doc: "The higher, the earlier the version stands in its group.",
		}),
	},
	"Which part of the API is served, and by whom.",
);
export interface APIServiceSpec extends Infer<typeof APIServiceSpec> {}

export const APIServiceCondition = object(
	"apiregistration.v1.APIServiceCondition",
	{
		...conditionFields(),
	},
	"One thing that is known of the server.",
);
export interface APIServiceCondition extends Infer<typeof APIServiceCondition> {}

export const APIServiceStatus = object(
	"apiregistration.v1.APIServiceStatus",
	{
		conditions: conditionsField(APIServiceCondition, 1, "Whether it can be asked: Available."),
	},
	"Whether the server can be asked.",
);
export interface APIServiceStatus extends Infer<typeof APIServiceStatus> {}

const APIServiceSchema = object(
	"apiregistration.v1.APIService",
	{
		metadata: metadataField,
		spec: ref(APIServiceSpec, { default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(APIServiceStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Says which server answers a group and version of the API.",
);
export interface APIService extends KubeObject, Omit<Infer<typeof APIServiceSchema>, "metadata" | "spec"> {
	readonly spec: APIServiceSpec;
}

const HTTPS = 443;

export const APIService = defineKind<APIService>({
	group: "apiregistration.k8s.io",
	version: "v1",
	kind: "APIService",
	plural: "apiservices",
	categories: ["api-extensions"],
	scope: "Cluster",
	// `v1.` is the core group's.
	name: "pathSegment",
	schema: APIServiceSchema,
	hasStatus: true,
	columns: [
		{
			name: "Service",
			type: "string",
			description: "What answers; Local is this server.",
			value: ({ spec }) =>
				spec.service ? `${spec.service.namespace ?? ""}/${spec.service.name ?? ""}` : "Local",
		},
		{ name: "Available", type: "string", description: "Whether it can be asked.", value: availableText },
		ageColumn,
	],
	defaults: (service) =>
		change(service, "spec", (spec) =>
			change(spec, "service", (reference) => fillAbsent(reference, { port: HTTPS })),
		),
	validate: validateAPIService,
});

function availableText({ status }: APIService): string {
	const condition = status?.conditions?.find(({ type }) => type === "Available");
	if (!condition) return "Unknown";
	return condition.status === "True" ? "True" : `${condition.status} (${condition.reason ?? ""})`;
}
