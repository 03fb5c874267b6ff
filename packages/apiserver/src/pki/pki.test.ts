import { X509Certificate } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@berth/api";
import test from "ava";
import { parse } from "yaml";
import { temporaryDirectory } from "../http/testing/temporary-directory.ts";
import { DAY } from "./authority.ts";
import { openPki } from "./pki.ts";
import { servingNames } from "./serving.ts";
import { ISSUER } from "./signing-key.ts";

const at = (now: number) => ({ ...systemClock, now: () => now });
const NOW = Date.parse("2026-05-06T07:08:09Z");

test("an authority is made once and reused, readable by its owner only", async (t) => {
	await using directory = await temporaryDirectory();
	const first = await openPki(directory.path, { clock: at(NOW) });
	const second = await openPki(directory.path, { clock: at(NOW + DAY) });
	t.is(second.caPem, first.caPem);
	t.true(first.caPem.endsWith("-----END CERTIFICATE-----\n"));
	const ca = new X509Certificate(first.caPem);
	t.true(ca.ca);
	t.is(ca.subject, "CN=berth-ca");
	const pki = join(directory.path, "pki");
	for (const file of await readdir(pki)) t.is((await stat(join(pki, file))).mode & 0o777, 0o600, file);
	t.is((await stat(pki)).mode & 0o777, 0o700);
});

test("processes that start together agree on one authority", async (t) => {
	await using directory = await temporaryDirectory();
	const all = await Promise.all(Array.from({ length: 5 }, () => openPki(directory.path)));
	t.is(new Set(all.map((pki) => pki.caPem)).size, 1);
	t.is(new Set(all.map((pki) => pki.signingKey.jwk.kid)).size, 1);
	t.deepEqual((await readdir(join(directory.path, "pki"))).sort(), ["ca.crt", "ca.key", "sa.key"]);
});

test("a creation cut short is finished; a certificate without its key is refused", async (t) => {
	await using directory = await temporaryDirectory();
	await openPki(directory.path);
	const pki = join(directory.path, "pki");
	await rm(join(pki, "ca.crt"));
	await rm(join(pki, "sa.key"));
	await t.notThrowsAsync(openPki(directory.path));
	await rm(join(pki, "ca.key"));
	await t.throwsAsync(openPki(directory.path), {
		message: /ca\.key is missing: restore the key from a backup/,
	});
});

test("damaged files are named", async (t) => {
	await using directory = await temporaryDirectory();
	await using other = await temporaryDirectory();
	await openPki(directory.path);
	await openPki(other.path);
	const pki = join(directory.path, "pki");
	const certificate = await readFile(join(pki, "ca.crt"), "utf8");
	await writeFile(join(pki, "ca.crt"), await readFile(join(other.path, "pki", "ca.crt")));
	await t.throwsAsync(openPki(directory.path), { message: /ca\.crt does not belong to .*ca\.key/ });
	await writeFile(join(pki, "ca.crt"), "not a certificate");
	await t.throwsAsync(openPki(directory.path), { message: /ca\.crt is not a certificate/ });
	await writeFile(join(pki, "ca.crt"), certificate);
	await writeFile(join(pki, "sa.key"), "");
	await t.throwsAsync(openPki(directory.path), { message: /sa\.key does not hold a private key/ });
});

test("a client certificate names user and groups, whatever they look like", async (t) => {
	await using directory = await temporaryDirectory();
	const pki = await openPki(directory.path, { clock: at(NOW) });
	const { certificatePem, keyPem } = await pki.clientCertificate({
		user: "#jane,O=system:masters",
		groups: ["b", "a+c"],
	});
	const certificate = new X509Certificate(certificatePem).toLegacyObject();
	t.is(certificate.subject.CN, "#jane,O=system:masters");
	t.deepEqual(certificate.subject.O as unknown, ["b", "a+c"]);
	t.deepEqual(certificate.ext_key_usage, ["1.3.6.1.5.5.7.3.2"]);
	t.true(new X509Certificate(certificatePem).verify(new X509Certificate(pki.caPem).publicKey));
	t.true(keyPem.endsWith("-----END PRIVATE KEY-----\n"));
	await t.throwsAsync(pki.clientCertificate({ user: "" }));
});

test("a node's kubeconfig holds a certificate for both directions", async (t) => {
	await using directory = await temporaryDirectory();
	const pki = await openPki(directory.path);
	const text = await pki.nodeKubeconfig({
		name: "host-1",
		addresses: ["192.0.2.7"],
		server: "https://192.0.2.1:6443",
	});
	const config = parse(text);
	t.is(config.clusters[0].cluster.server, "https://192.0.2.1:6443");
	t.is(Buffer.from(config.clusters[0].cluster["certificate-authority-data"], "base64").toString(), pki.caPem);
	t.is(config.contexts[0].name, config["current-context"]);
	t.is(config.contexts[0].context.user, config.users[0].name);
	const pem = Buffer.from(config.users[0].user["client-certificate-data"], "base64").toString();
	const certificate = new X509Certificate(pem);
	t.is(certificate.subject, "O=system:nodes\nCN=system:node:host-1");
	t.truthy(certificate.checkHost("host-1"));
	t.truthy(certificate.checkIP("192.0.2.7"));
	t.deepEqual(certificate.toLegacyObject().ext_key_usage?.toSorted(), [
		"1.3.6.1.5.5.7.3.1",
		"1.3.6.1.5.5.7.3.2",
	]);
});

test("the serving certificate stays until its names change or its end is near", async (t) => {
	await using directory = await temporaryDirectory();
	const pki = await openPki(directory.path, { clock: at(NOW) });
	const first = await pki.servingCertificate(servingNames(["host-1", "192.0.2.1"]));
	t.deepEqual(await pki.servingCertificate(servingNames(["192.0.2.1"])), first);
	const certificate = new X509Certificate(first.certificatePem);
	for (const name of ["localhost", "kubernetes.default.svc", "host-1"])
		t.truthy(certificate.checkHost(name), name);
	for (const ip of ["127.0.0.1", "::1", "192.0.2.1"]) t.truthy(certificate.checkIP(ip), ip);
	const renamed = await pki.servingCertificate(servingNames(["host-2"]));
	t.not(renamed.certificatePem, first.certificatePem);
	const later = await openPki(directory.path, { clock: at(NOW + 330 * DAY) });
	t.not((await later.servingCertificate(servingNames(["host-2"]))).certificatePem, renamed.certificatePem);
	await writeFile(join(directory.path, "pki", "apiserver.key"), "half");
	await t.notThrowsAsync(later.servingCertificate(servingNames(["host-2"])));
});

test("a user token carries name and groups for a while", async (t) => {
	await using directory = await temporaryDirectory();
	const pki = await openPki(directory.path, { clock: at(NOW) });
	const token = await pki.userToken({ user: "jane", groups: ["dev"], expiresInSeconds: 60 });
	const claims = await pki.signingKey.verify(token, NOW);
	t.like(claims, { sub: "jane", groups: ["dev"], aud: ["berth"], iss: ISSUER, exp: NOW / 1000 + 60 });
	await t.throwsAsync(pki.signingKey.verify(token, NOW + 61_000), { message: /"exp"/ });
});
