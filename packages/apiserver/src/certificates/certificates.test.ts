import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateSigningRequest, type Node, silentLogger, systemClock, type Transport } from "@berth/api";
import * as x509 from "@peculiar/x509";
import test from "ava";
import { openPki } from "../pki/pki.ts";
import { openRegistry, take, watchOf } from "../registry/testing/open-registry.ts";
import { approvalOf } from "./approval.ts";
import { parseRequest } from "./parse-request.ts";
import { refusalOf } from "./signers.ts";
import { signRequests } from "./signing.ts";

const SIGNER = "kubernetes.io/kube-apiserver-client";
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function requestFor(name: string): Promise<string> {
	const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
	const made = await x509.Pkcs10CertificateRequestGenerator.create({
		name,
		keys,
		signingAlgorithm: algorithm,
		extensions: [
			new x509.SubjectAlternativeNameExtension([
				{ type: "dns", value: "a.example" },
				{ type: "ip", value: "10.0.0.1" },
			]),
		],
	});
	return Buffer.from(made.toString("pem")).toString("base64");
}

const body = (request: string, spec: object = {}) => ({
	metadata: { name: "r" },
	spec: { request, signerName: SIGNER, usages: ["client auth"], username: "somebody-else", ...spec },
});
const decision = (type: string) => ({ type, status: "True", reason: "Test" });

test("requests are read, and refused when they are none", async (t) => {
	const parsed = await parseRequest(await requestFor("CN=jane,O=dev,O=ops"));
	t.deepEqual(
		{ ...parsed, publicKey: undefined },
		{
			commonName: "jane",
			organizations: ["dev", "ops"],
			dnsNames: ["a.example"],
			ipAddresses: ["10.0.0.1"],
			hasOtherNames: false,
			publicKey: undefined,
		},
	);
	for (const text of [
		"",
		"x",
		"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
	]) {
		await t.throwsAsync(parseRequest(Buffer.from(text).toString("base64")), undefined, text);
	}
});

test("each signer signs what it is for", (t) => {
	const parsed = {
		commonName: "system:node:n1",
		organizations: ["system:nodes"],
		dnsNames: ["n1"],
		ipAddresses: [],
		hasOtherNames: false,
	};
	const ask = (signerName: string, usages: string[], more: Partial<typeof parsed> = {}) =>
		refusalOf({ signerName, usages, parsed: { ...parsed, ...more } });
	t.is(ask("kubernetes.io/kubelet-serving", ["digital signature", "server auth"]), undefined);
	t.regex(ask("kubernetes.io/kubelet-serving", ["server auth"], { dnsNames: [] }) ?? "", /is required/);
	t.regex(ask("kubernetes.io/kube-apiserver-client-kubelet", ["client auth"]) ?? "", /are not allowed/);
	t.is(ask("kubernetes.io/kube-apiserver-client-kubelet", ["client auth"], { dnsNames: [] }), undefined);
	t.regex(ask("kubernetes.io/kubelet-serving", ["server auth"], { commonName: "x" }) ?? "", /common name/);
	t.regex(ask(SIGNER, ["server auth"]) ?? "", /must include "client auth"/);
	t.regex(ask(SIGNER, ["client auth", "code signing"]) ?? "", /"code signing" is not permitted/);
});

test("a node's own certificates are approved, and only these", async (t) => {
	const parsed = {
		commonName: "system:node:n1",
		organizations: ["system:nodes"],
		dnsNames: [] as string[],
		ipAddresses: [] as string[],
		hasOtherNames: false,
	};
	const node = {
		metadata: { name: "n1" },
		status: {
			addresses: [
				{ type: "InternalIP", address: "2001:db8::1" },
				{ type: "Hostname", address: "N1.example" },
			],
		},
	} as unknown as Node;
	const ask = (signer: string, usage: string, more: object = {}, spec: object = {}) =>
		approvalOf(
			{
				spec: {
					signerName: `kubernetes.io/${signer}`,
					usages: ["digital signature", usage],
					username: "system:node:n1",
					groups: ["system:nodes", "system:authenticated"],
					...spec,
				},
			} as unknown as CertificateSigningRequest,
			{ ...parsed, ...more },
			(name) => (name === "n1" ? node : undefined),
		) !== undefined;
	t.true(ask("kube-apiserver-client-kubelet", "client auth"));
	t.false(ask("kube-apiserver-client-kubelet", "client auth", {}, { username: "jane" }));
	t.false(ask("kube-apiserver-client-kubelet", "client auth", {}, { username: "system:node:n2" }));
	t.false(ask("kube-apiserver-client-kubelet", "client auth", {}, { groups: ["system:masters"] }));
	t.false(ask("kube-apiserver-client-kubelet", "server auth"));
	t.false(ask("kube-apiserver-client", "client auth"));
	const own = { dnsNames: ["n1", "n1.EXAMPLE"], ipAddresses: ["2001:DB8:0:0::1"] };
	t.true(ask("kubelet-serving", "server auth", own));
	t.false(ask("kubelet-serving", "server auth", { ...own, ipAddresses: ["192.0.2.1"] }));
	t.false(ask("kubelet-serving", "server auth", { ...own, dnsNames: ["kubernetes.default.svc"] }));
	const unknown = { commonName: "system:node:n3", dnsNames: ["n3"] };
	t.false(ask("kubelet-serving", "server auth", unknown, { username: "system:node:n3" }));
});

test("the server says who asks; the request stays; the decision goes its own way", async (t) => {
	await using api = await openRegistry();
	const request = await requestFor("CN=jane,O=dev");
	const bad = await api.failure("create", CertificateSigningRequest, { body: body("bm9uZQ==") });
	t.regex(bad.message, /spec.request: Invalid value: .*: PEM block type must be CERTIFICATE REQUEST/);
	const masters = body(await requestFor("CN=jane,O=system:masters"));
	t.is((await api.failure("create", CertificateSigningRequest, { body: masters })).code, 403);
	const made = await api.value<CertificateSigningRequest>("create", CertificateSigningRequest, {
		body: body(request),
		user: { username: "jane", groups: ["dev"], uid: "7", extra: { a: ["b"] } },
	});
	const { username, groups, uid, extra } = made.spec;
	t.deepEqual([username, groups, uid, extra], ["jane", ["dev"], "7", { a: ["b"] }]);
	const put = await api.value<CertificateSigningRequest>("update", CertificateSigningRequest, {
		name: "r",
		body: {
			...made,
			spec: { ...made.spec, username: "root" },
			status: { conditions: [decision("Approved")] },
		},
	});
	t.deepEqual([put.spec.username, put.status], ["jane", {}]);
	const asStatus = await api.failure("update", CertificateSigningRequest, {
		name: "r",
		subresource: "status",
		body: { ...made, status: { conditions: [decision("Approved")] } },
	});
	t.regex(
		asStatus.message,
		/status.conditions: Forbidden: updates may not add a condition of type "Approved"/,
	);
	const approved = await api.value<CertificateSigningRequest>("update", CertificateSigningRequest, {
		name: "r",
		subresource: "approval",
		body: { ...made, status: { certificate: "eA==", conditions: [decision("Approved")] } },
	});
	t.is(approved.status?.certificate, undefined);
	t.truthy(approved.status?.conditions?.[0]?.lastTransitionTime);
	const both = await api.failure("update", CertificateSigningRequest, {
		name: "r",
		subresource: "approval",
		body: { ...approved, status: { conditions: [decision("Approved"), decision("Denied")] } },
	});
	t.regex(both.message, /Approved and Denied conditions are mutually exclusive/);
});

test("approving and signing need leave for the signer", async (t) => {
	const asked: string[] = [];
	await using api = await openRegistry({
		authorizer: {
			authorize: (user, attributes) => {
				const about = "resource" in attributes ? attributes : undefined;
				if (about?.resource === "signers") asked.push(`${about.verb} ${about.name}`);
				return user.username === "no" && about?.resource === "signers"
					? { allowed: false, reason: "" }
					: { allowed: true };
			},
			rules: () => [{ verbs: ["*"] }],
		},
	});
	const made = await api.value<CertificateSigningRequest>("create", CertificateSigningRequest, {
		body: body(await requestFor("CN=jane")),
	});
	const { message } = await api.failure("update", CertificateSigningRequest, {
		name: "r",
		subresource: "approval",
		user: { username: "no" },
		body: { ...made, status: { conditions: [decision("Approved")] } },
	});
	t.regex(
		message,
		/user not permitted to approve requests with signerName "kubernetes.io\/kube-apiserver-client"/,
	);
	t.deepEqual(asked, [`approve ${SIGNER}`, "approve kubernetes.io/*"]);
	const signing = await api.failure("update", CertificateSigningRequest, {
		name: "r",
		subresource: "status",
		user: { username: "no" },
		body: { ...made, status: { certificate: "eA==" } },
	});
	t.regex(signing.message, /not permitted to sign/);
});

test("what is approved is signed", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "berth-csr-"));
	t.teardown(() => rm(directory, { recursive: true }));
	await using api = await openRegistry();
	const pki = await openPki(directory);
	const transport = {
		call: ({ body: sent }: { body: CertificateSigningRequest }) =>
			api.value("update", CertificateSigningRequest, {
				name: sent.metadata.name,
				subresource: "status",
				body: sent,
			}),
	} as unknown as Transport;
	await using _signing = signRequests({
		objects: api.objects,
		pki,
		transport,
		clock: systemClock,
		log: silentLogger,
	});
	const watch = watchOf(await api.ask("watch", CertificateSigningRequest));
	const made = await api.value<CertificateSigningRequest>("create", CertificateSigningRequest, {
		body: body(await requestFor("CN=jane,O=dev"), { expirationSeconds: 3600 }),
	});
	await api.ask("update", CertificateSigningRequest, {
		name: "r",
		subresource: "approval",
		body: { ...made, status: { conditions: [decision("Approved")] } },
	});
	await take(watch, 3);
	const { status } = await api.value<CertificateSigningRequest>("get", CertificateSigningRequest, {
		name: "r",
	});
	const certificate = new X509Certificate(Buffer.from(status?.certificate ?? "", "base64"));
	t.is(certificate.subject, "O=dev\nCN=jane");
	t.true(certificate.verify(new X509Certificate(pki.caPem).publicKey));
	const left = Date.parse(certificate.validTo) - Date.now();
	t.true(left > 3500_000 && left <= 3600_000);
});
