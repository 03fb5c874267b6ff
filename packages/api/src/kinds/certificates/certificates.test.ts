import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { CertificateSigningRequest } from "./certificate-signing-request.ts";

test("CertificateSigningRequest", (t) => {
	runKindTable(t, CertificateSigningRequest, {
		sample: {
			spec: {
				request: "eA==",
				signerName: "example.com/signer",
				usages: ["client auth"],
				username: "jane",
				expirationSeconds: 3600,
			},
		},
		creates: [
			[{ spec: { usages: [] } }, ["spec.usages: Required value"]],
			[
				{ spec: { usages: ["client auth", "client auth"] } },
				['spec.usages[1]: Duplicate value: "client auth"'],
			],
			[
				{ spec: { expirationSeconds: 599 } },
				[
					"spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)",
				],
			],
			[
				{ spec: { signerName: "signer" } },
				[
					"spec.signerName: Invalid value: \"signer\": must be a fully qualified domain and path of the form 'example.com/signer-name'",
				],
			],
			[
				{ spec: { signerName: "kubernetes.io/legacy-unknown" } },
				[
					'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
				],
			],
		],
		prints: [
			{ status: { certificate: "eA==", conditions: [{ type: "Approved", status: "True" }] } },
			["5m", "example.com/signer", "jane", "60m", "Approved,Issued"],
		],
	});
});
