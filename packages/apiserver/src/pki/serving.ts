/** The API server's own certificate: kept on disk, made again when its names change or its end is near. */
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { join } from "node:path";
import type { Clock } from "@berth/api";
import { type Authority, DAY, holdsKey, type IssuedCertificate, parseCertificate } from "./authority.ts";
import { readText, replaceFile } from "./files.ts";

const LIFETIME = 365 * DAY;
const RENEW_BEFORE = 60 * DAY;

/** What pods and people call the API server, whatever the host is named. */
const WELL_KNOWN = [
	"localhost",
	"127.0.0.1",
	"::1",
	"kubernetes",
	"kubernetes.default",
	"kubernetes.default.svc",
	"kubernetes.default.svc.cluster.local",
];

/** Names of the serving certificate: `extra` are host name, advertise address, service address and the user's own. */
export const servingNames = (extra: readonly string[]): string[] =>
	[...new Set([...WELL_KNOWN, ...extra.filter((name) => name !== "")])].sort();

/** The certificate for these names; `directory` holds the one of last time. */
export async function servingCertificate(options: {
	authority: Authority;
	directory: string;
	names: readonly string[];
	clock: Clock;
}): Promise<IssuedCertificate> {
	const { authority, directory, names, clock } = options;
	const certificatePath = join(directory, "apiserver.crt");
	const keyPath = join(directory, "apiserver.key");
	const [certificatePem, keyPem] = await Promise.all([readText(certificatePath), readText(keyPath)]);
	const stored = certificatePem === undefined ? undefined : parseCertificate(certificatePem);
	const ca = parseCertificate(authority.caPem);
	const usable =
		stored &&
		ca &&
		keyPem !== undefined &&
		holdsKey(stored, keyPem) &&
		stored.verify(ca.publicKey) &&
		!needsRenewal(stored, names, clock.now());
	if (usable && certificatePem !== undefined) return { certificatePem, keyPem };
	const issued = await authority.issue({
		commonName: "kube-apiserver",
		names,
		usages: ["server"],
		lifetime: LIFETIME,
	});
	await replaceFile(keyPath, issued.keyPem);
	await replaceFile(certificatePath, issued.certificatePem);
	return issued;
}

/** True when a name is missing or the end is near; names that are no longer wanted go at the next renewal as well. */
function needsRenewal(certificate: X509Certificate, names: readonly string[], now: number): boolean {
	if (certificate.validToDate.getTime() - now < RENEW_BEFORE) return true;
	return names.some((name) => (isIP(name) ? !certificate.checkIP(name) : !certificate.checkHost(name)));
}
