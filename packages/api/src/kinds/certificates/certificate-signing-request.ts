import { humanDuration } from "../../machinery/duration.ts";
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
import { validateRequest, validateRequestUpdate } from "./request-validation.ts";

export const CertificateSigningRequestSpec = object(
	"certificates.v1.CertificateSigningRequestSpec",
	{
		request: bytes({ required: true, pb: 1, doc: "The request, PKCS #10 in PEM." }),
		signerName: string({
			required: true,
			pb: 7,
			doc: "Who is asked to sign, such as kubernetes.io/kube-apiserver-client.",
		}),
		expirationSeconds: int32({
			pb: 8,
			nullable: true,
			doc: "How long it should be good; at least 600. The signer may give less.",
		}),
		usages: listOf(types.string, { pb: 5, list: "atomic", doc: "What the key may be used for." }),
		username: string({ pb: 2, doc: "Who asks; set by the server." }),
		uid: string({ pb: 3, doc: "Who asks; set by the server." }),
		groups: listOf(types.string, { pb: 4, list: "atomic", doc: "Groups of who asks; set by the server." }),
		extra: mapOf(types.list(types.string), { pb: 6, doc: "More of who asks; set by the server." }),
	},
	"What certificate is asked for, and by whom.",
);
export interface CertificateSigningRequestSpec extends Infer<typeof CertificateSigningRequestSpec> {}

export const CertificateSigningRequestCondition = object(
	"certificates.v1.CertificateSigningRequestCondition",
	{
		type: string({ required: true, pb: 1, doc: "Approved, Denied or Failed, or the signer's own." }),
		status: string({ required: true, pb: 6, doc: "True, False or Unknown." }),
		reason: string({ pb: 2, doc: "Why, in one word." }),
		message: string({ pb: 3, doc: "Why, in a sentence." }),
		lastUpdateTime: time({ pb: 4, doc: "When it was written last." }),
		lastTransitionTime: time({ pb: 5, doc: "When the status changed last." }),
	},
	"One decision on a request.",
);
export interface CertificateSigningRequestCondition
	extends Infer<typeof CertificateSigningRequestCondition> {}

export const CertificateSigningRequestStatus = object(
	"certificates.v1.CertificateSigningRequestStatus",
	{
		conditions: listOf(CertificateSigningRequestCondition, {
			pb: 1,
			list: "map",
			keys: ["type"],
			doc: "What has been decided: Approved, Denied, Failed.",
		}),
		certificate: bytes({ pb: 2, doc: "The certificate, PEM." }),
	},
	"What has become of a request.",
);
export interface CertificateSigningRequestStatus extends Infer<typeof CertificateSigningRequestStatus> {}

const CertificateSigningRequestSchema = object(
	"certificates.v1.CertificateSigningRequest",
	{
		metadata: metadataField,
		spec: ref(CertificateSigningRequestSpec, { required: true, default: {}, pb: 2, doc: "What is wanted." }),
		status: ref(CertificateSigningRequestStatus, { pb: 3, doc: "What is there; kept by the cluster." }),
	},
	"Asks for a certificate.",
);
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
	columns: [
		ageColumn,
		{
			name: "SignerName",
			type: "string",
			description: "Who is asked to sign.",
			value: ({ spec }) => spec.signerName,
		},
		{ name: "Requestor", type: "string", description: "Who asks.", value: ({ spec }) => spec.username ?? "" },
		{
			name: "RequestedDuration",
			type: "string",
			description: "How long it is to be good.",
			value: ({ spec }) => (spec.expirationSeconds ? humanDuration(spec.expirationSeconds * 1000) : "<none>"),
		},
		{ name: "Condition", type: "string", description: "What has been decided.", value: conditionText },
	],
	name: "pathSegment",
	selectableFields: { "spec.signerName": ({ spec }) => spec.signerName ?? "" },
	prepareUpdate: (next, old) => withParts(next, old.spec, old.status),
	validateCreate: validateRequest,
	validateUpdate: (next, old) => validateRequestUpdate("main", next, old),
	validateStatusUpdate: (next, old) => validateRequestUpdate("status", next, old),
});

function conditionText({ status }: CertificateSigningRequest): string {
	const types = new Set((status?.conditions ?? []).map(({ type }) => type));
	const decision = types.has("Denied") ? "Denied" : types.has("Approved") ? "Approved" : "Pending";
	return [
		decision,
		...(types.has("Failed") ? ["Failed"] : []),
		...(status?.certificate ? ["Issued"] : []),
	].join(",");
}

/** What has been asked for stays, and the status has ways of its own. */
function withParts(
	{ metadata, apiVersion, kind }: CertificateSigningRequest,
	spec: CertificateSigningRequestSpec,
	status: CertificateSigningRequestStatus | undefined,
): CertificateSigningRequest {
	return { apiVersion, kind, metadata, spec, ...(status ? { status } : {}) };
}
