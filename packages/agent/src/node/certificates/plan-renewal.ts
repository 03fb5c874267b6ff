/** When a certificate is to be renewed. Pure. Source: Configure Certificate Rotation for the Kubelet. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** Of its lifetime: nodes that were set up together do not come back together. */
const EARLIEST = 0.7;
const SPREAD = 0.2;

/** Milliseconds since the epoch; `random` in [0, 1). */
export function renewalTime(certificatePem: string, random: number): number {
	const { validFrom, validTo } = new X509Certificate(certificatePem);
	const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
	return from + (to - from) * (EARLIEST + SPREAD * random);
}

/** The certificate serves all of these names and addresses. */
export function serves(certificatePem: string, names: readonly string[]): boolean {
	const certificate = new X509Certificate(certificatePem);
	return names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
}
