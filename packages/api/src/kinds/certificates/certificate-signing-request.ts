import { defineKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import {
	bytes,
	type Infer,
	int32,
	listOf,
	mapOf,
	object,
	ref,
	string,
	time,
	types,
} from "../../machinery/schema.ts";
import { ageColumn } from "../columns.ts";
import { metadataField } from "../metadata-field.ts";

export const CertificateSigningRequestSpec = object("certificates.v1.CertificateSigningRequestSpec", {
	request: bytes({ required: true, pb: 1 }),
	signerName: string({ required: true, pb: 7 }),
	expirationSeconds: int32({ pb: 8, nullable: true }),
	usages: listOf(types.string, { pb: 5, list: "atomic" }),
	username: string({ pb: 2 }),
	uid: string({ pb: 3 }),
	groups: listOf(types.string, { pb: 4, list: "atomic" }),
	extra: mapOf(types.list(types.string), { pb: 6 }),
});
export interface CertificateSigningRequestSpec extends Infer<typeof CertificateSigningRequestSpec> {}

export const CertificateSigningRequestCondition = object(
	"certificates.v1.CertificateSigningRequestCondition",
	{
		type: string({ required: true, pb: 1, enum: ["Approved", "Denied", "Failed"] }),
		status: string({ required: true, pb: 6 }),
		reason: string({ pb: 2 }),
		message: string({ pb: 3 }),
		lastUpdateTime: time({ pb: 4 }),
		lastTransitionTime: time({ pb: 5 }),
	},
);
export interface CertificateSigningRequestCondition
	extends Infer<typeof CertificateSigningRequestCondition> {}

export const CertificateSigningRequestStatus = object("certificates.v1.CertificateSigningRequestStatus", {
	conditions: listOf(CertificateSigningRequestCondition, { pb: 1, list: "map", keys: ["type"] }),
	certificate: bytes({ pb: 2 }),
});
export interface CertificateSigningRequestStatus extends Infer<typeof CertificateSigningRequestStatus> {}

const CertificateSigningRequestSchema = object("certificates.v1.CertificateSigningRequest", {
	metadata: metadataField,
	spec: ref(CertificateSigningRequestSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
	status: ref(CertificateSigningRequestStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
});
export interface CertificateSigningRequest
	extends KubeObject,
		Omit<Infer<typeof CertificateSigningRequestSchema>, "metadata"> {}

export const CertificateSigningRequest = defineKind<CertificateSigningRequest>({
	group: "certificates.k8s.io",
	version: "v1",
	kind: "CertificateSigningRequest",
	plural: "certificatesigningrequests",
	shortNames: ["csr"],
	scope: "Cluster",
	schema: CertificateSigningRequestSchema,
	hasStatus: true,
	columns: [ageColumn],
});
