import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { bool, bytes, type Infer, int32, listOf, object, ref, string, time } from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { change, fillAbsent } from "../fill.ts";
import { metadataField } from "../metadata-field.ts";
import { validateAPIService } from "./api-service-validation.ts";

export const APIServiceReference = object("apiregistration.v1.ServiceReference", {
	namespace: string({ pb: 1 }),
	name: string({ pb: 2 }),
	port: int32({ pb: 3, nullable: true }),
});
export interface APIServiceReference extends Infer<typeof APIServiceReference> {}

export const APIServiceSpec = object("apiregistration.v1.APIServiceSpec", {
	service: ref(APIServiceReference, { pb: 1, nullable: true }),
	group: string({ pb: 2 }),
	version: string({ pb: 3 }),
	insecureSkipTLSVerify: bool({ pb: 4 }),
	caBundle: bytes({ pb: 5 }),
	groupPriorityMinimum: int32({ required: true, pb: 7 }),
	versionPriority: int32({ required: true, pb: 8 }),
});
export interface APIServiceSpec extends Infer<typeof APIServiceSpec> {}

export const APIServiceCondition = object("apiregistration.v1.APIServiceCondition", {
	type: string({ required: true, pb: 1 }),
	status: string({ required: true, pb: 2 }),
	lastTransitionTime: time({ pb: 3 }),
	reason: string({ pb: 4 }),
	message: string({ pb: 5 }),
});
export interface APIServiceCondition extends Infer<typeof APIServiceCondition> {}

export const APIServiceStatus = object("apiregistration.v1.APIServiceStatus", {
	conditions: listOf(APIServiceCondition, {
		pb: 1,
		list: "map",
		keys: ["type"],
		patch: ["merge"],
		mergeKey: "type",
	}),
});
export interface APIServiceStatus extends Infer<typeof APIServiceStatus> {}

const APIServiceSchema = object("apiregistration.v1.APIService", {
	metadata: metadataField,
	spec: ref(APIServiceSpec, { default: {}, pb: 2, doc: "What is wanted." }),
	status: ref(APIServiceStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
});
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
