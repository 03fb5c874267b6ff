/**
 * Certificate requests: what is asked for can be read, and who approves or signs may do so for that signer (the verbs
 * `approve` and `sign` on `signers`, by name or for a whole domain).
 */
import { CertificateSigningRequest, invalid, invalidValue, type UserInfo } from "@berth/api";
import type { Authorizer } from "../auth/auth.ts";
import { MASTERS } from "../auth/rbac.ts";
import { type AdmissionPlugin, type AdmissionRequest, refuse } from "./admission.ts";

const GROUP = "certificates.k8s.io";
const CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

export function certificateRequests({ authorizer }: { readonly authorizer: Authorizer }): AdmissionPlugin {
	const isAllowed = (user: UserInfo, verb: string, signer: string) =>
		[signer, `${signer.split("/")[0]}/*`].some(
			(name) => authorizer.authorize(user, { verb, group: GROUP, resource: "signers", name }).allowed,
		);
	const require = (request: AdmissionRequest, verb: "approve" | "sign", signer: string) => {
		if (isAllowed(request.user, verb, signer)) return;
		const what = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`;
		throw refuse(request, what);
	};
	return {
		name: "CertificateRequests",
		validate: async (request) => {
			const { kind } = request;
			if (kind.group !== GROUP || kind.plural !== CertificateSigningRequest.plural || !request.object) return;
			const object = request.object as CertificateSigningRequest;
			const old = request.old as CertificateSigningRequest | undefined;
			if (request.operation === "CREATE" && !request.subresource) return checkRequest(request, object);
			if (request.operation !== "UPDATE" || !old) return;
			if (request.subresource === "approval") require(request, "approve", old.spec.signerName);
			if (request.subresource === "status" && isSigning(object, old)) {
				require(request, "sign", old.spec.signerName);
			}
		},
	};
}

async function checkRequest(request: AdmissionRequest, { spec, metadata }: CertificateSigningRequest) {
	const { parseRequest } = await import("../certificates/parse-request.ts");
	const parsed = await parseRequest(spec.request).catch((error: unknown) => {
		const problem = invalidValue("spec.request", spec.request, error instanceof Error ? error.message : "");
		throw invalid({ group: GROUP, resource: CertificateSigningRequest.kind }, metadata.name, [problem]);
	});
	if (spec.signerName === CLIENT_SIGNER && parsed.organizations.includes(MASTERS)) {
		throw refuse(request, `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`);
	}
}

const isSigning = (next: CertificateSigningRequest, old: CertificateSigningRequest): boolean =>
	next.status?.certificate !== old.status?.certificate ||
	JSON.stringify(next.status?.conditions ?? []) !== JSON.stringify(old.status?.conditions ?? []);
