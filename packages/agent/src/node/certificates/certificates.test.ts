import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CertificateSigningRequest, type Node, silentLogger } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import * as x509 from "@peculiar/x509";
import test, { type ExecutionContext } from "ava";
import { type KeyPair, openCertificates } from "./certificates.ts";
import { renewalTime, serves } from "./plan-renewal.ts";
import { renewCertificates } from "./renew-certificates.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** What certificates live for hundreds of. */
const SPAN = 600_000;
const NOW = Date.UTC(2026, 0, 1);
const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

async function authority() {
	const keys = await newKeys();
	const ca = await x509.X509CertificateGenerator.createSelfSigned({
		name: "CN=ca",
		keys,
		notBefore: new Date(NOW),
		notAfter: new Date(NOW + 9_000 * SPAN),
		signingAlgorithm: ALGORITHM,
		extensions: [new x509.BasicConstraintsExtension(true)],
	});
	const sign = async (
		publicKey: x509.PublicKeyType,
		from: number,
		spans: number,
		extensions: x509.Extension[],
	) => {
		const made = await x509.X509CertificateGenerator.create({
			subject: [{ O: ["system:nodes"] }, { CN: ["system:node:n1"] }],
			issuer: "CN=ca",
			publicKey,
			signingKey: keys.privateKey,
			notBefore: new Date(from),
			notAfter: new Date(from + spans * SPAN),
			signingAlgorithm: ALGORITHM,
			extensions,
		});
		return made.toString("pem");
	};
	const pair = async (from: number, spans: number): Promise<KeyPair> => {
		const own = await newKeys();
		const key = x509.PemConverter.encode(
			await webcrypto.subtle.exportKey("pkcs8", own.privateKey),
			"PRIVATE KEY",
		);
		const names = new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "n1" }]);
		return { certificate: await sign(own.publicKey, from, spans, [names]), key };
	};
	return { ca: ca.toString("pem"), sign, pair };
}

/** Keys are made elsewhere, in a time of their own. */
async function eventually(condition: () => boolean): Promise<void> {
	for (const end = Date.now() + 10_000; !condition(); await sleep(5)) {
		if (Date.now() > end) throw new Error(`waited in vain: ${condition}`);
	}
}

async function directoryFor(t: ExecutionContext) {
	const directory = await mkdtemp(join(tmpdir(), "berth-certificates-"));
	t.teardown(() => rm(directory, { recursive: true }));
	return join(directory, "certificates");
}

test("what was renewed is kept, unreadable for others, and shown by the next agent while it is the better one", async (t) => {
	const { ca, pair } = await authority();
	const directory = await directoryFor(t);
	const given = await pair(NOW, 10);
	const options = { directory, given, ca, now: NOW };
	const certificates = await openCertificates(options);
	t.is(certificates.current("client"), given);
	const told: KeyPair[] = [];
	const stop = certificates.onServing((renewed) => told.push(renewed));
	const later = await pair(NOW + SPAN, 20);
	await certificates.replace("client", later);
	await certificates.replace("serving", later);
	stop();
	await certificates.replace("serving", later);
	t.deepEqual(told, [later]);
	t.is((await stat(join(directory, "client.pem"))).mode & 0o777, 0o600);
	t.is((await stat(directory)).mode & 0o777, 0o700);
	const again = await openCertificates(options);
	t.is(again.current("client").certificate.trim(), later.certificate.trim());
	const shows = async (changes: object) =>
		(await openCertificates({ ...options, ...changes })).current("client");
	const fresh = await pair(NOW, 100);
	t.is(await shows({ given: fresh }), fresh, "what is given now lasts longer");
	t.is(await shows({ now: NOW + 50 * SPAN }), given, "what is kept has ended");
	t.is(await shows({ ca: (await authority()).ca }), given, "another cluster");
	await writeFile(join(directory, "client.pem"), `${later.certificate}${given.key}`);
	t.is(await shows({}), given, "a key of another certificate");
	await writeFile(join(directory, "client.pem"), "torn");
	t.is(await shows({}), given);
});

test("renewed between seven and nine tenths of its life, or when it lacks a name", async (t) => {
	const { pair } = await authority();
	const { certificate } = await pair(NOW, 100);
	t.is(renewalTime(certificate, 0), NOW + 70 * SPAN);
	t.is(renewalTime(certificate, 0.5), NOW + 80 * SPAN);
	t.true(serves(certificate, ["n1"]));
	t.false(serves(certificate, ["n1", "192.0.2.1"]));
});

test("both are renewed in time with the node's names; a refusal is told and tried again", async (t) => {
	const { ca, pair, sign } = await authority();
	const clock = createFakeClock(NOW);
	const server = createFakeServer({ kinds: [CertificateSigningRequest] });
	const client = createClient(server);
	const directory = await directoryFor(t);
	const certificates = await openCertificates({ directory, given: await pair(NOW, 100), ca, now: NOW });
	const told: string[] = [];
	const addresses = [
		{ type: "InternalIP", address: "192.0.2.1" },
		{ type: "Hostname", address: "n1" },
	];
	const node = { metadata: { name: "n1" }, status: { addresses } } as unknown as Node;
	const stop = new AbortController();
	const say = (_: unknown, reason: string, message: string) => void told.push(`${reason} ${message}`);
	const renewing = renewCertificates(
		{
			client,
			certificates,
			nodeName: "n1",
			node: () => node,
			events: { normal: say, warning: say },
			failed: (purpose) => told.push(purpose),
			clock,
			log: silentLogger,
			random: () => 0,
		},
		stop.signal,
	);
	const requests = () => server.objects<CertificateSigningRequest>(CertificateSigningRequest);
	const answer = ({ metadata: { name } }: CertificateSigningRequest, status: object) =>
		client.patch(CertificateSigningRequest, { name }, { status }, { type: "merge", subresource: "status" });
	const approve = async (asked: CertificateSigningRequest, spans: number) => {
		const request = new x509.Pkcs10CertificateRequest(Buffer.from(asked.spec.request, "base64").toString());
		const names = request.extensions.filter(({ type }) => type === "2.5.29.17");
		const pem = await sign(request.publicKey, clock.now(), spans, names);
		await answer(asked, { certificate: Buffer.from(pem).toString("base64") });
	};
	// The serving certificate lacks the address: it is asked for at once, and that of the client is not yet due.
	await eventually(() => requests().length === 1);
	const [first] = requests();
	t.like(first?.spec, {
		signerName: "kubernetes.io/kubelet-serving",
		usages: ["digital signature", "server auth"],
	});
	await answer(first ?? t.fail(), { conditions: [{ type: "Denied", status: "True", message: "not you" }] });
	await eventually(() => told.length === 2);
	t.deepEqual(told.splice(0), [
		"serving",
		`CertificateRenewalFailed Node n1 cannot renew its serving certificate: request ${first?.metadata.name} was refused: not you`,
	]);
	await clock.advance(10_000);
	await eventually(() => requests().length === 2);
	await approve(requests()[1] ?? t.fail(), 500);
	await eventually(() => serves(certificates.current("serving").certificate, ["n1", "192.0.2.1"]));
	await clock.advance(71 * SPAN);
	await eventually(() => requests().length === 3);
	const third = requests()[2] ?? t.fail();
	t.is(third.spec.signerName, "kubernetes.io/kube-apiserver-client-kubelet");
	await approve(third, 100);
	const until = () => new X509Certificate(certificates.current("client").certificate).validTo;
	await eventually(() => Date.parse(until()) > NOW + 150 * SPAN);
	t.deepEqual(told, []);
	stop.abort();
	await renewing;
});
