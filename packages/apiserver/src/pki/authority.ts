/** The cluster's certificate authority: made once, kept in the data directory, refused when only half of it is there. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@berth/api";
import type { CertificateRequest, Issuer } from "./certificate.ts";
import { createFile, readText } from "./files.ts";
import { generateKeys, parseKeys } from "./keys.ts";

export const DAY = 86_400_000;
const CA_LIFETIME = 3650 * DAY;
/** Hosts' clocks differ: certificates are valid a little before they are made. */
const SKEW = 300_000;

export interface Authority {
	readonly caPem: string;
	issue(request: IssueRequest): Promise<IssuedCertificate>;
	/** A certificate, PEM, for a key that stays where it is. */
	signRequest(request: SignRequest): Promise<string>;
}

export interface IssueRequest
	extends Pick<CertificateRequest, "commonName" | "organizations" | "names" | "usages"> {
	/** Milliseconds. */
	readonly lifetime: number;
}

export interface SignRequest extends IssueRequest, Pick<CertificateRequest, "publicKey"> {}

export interface IssuedCertificate {
	readonly certificatePem: string;
	readonly keyPem: string;
}

/**
 * Opens the authority in `directory`, creating it when there is none. Throws an Error that says what to do when the
 * certificate is there without its key, or does not belong to it.
 */
export async function openAuthority(
	directory: string,
	clock: Clock,
	commonName = "berth-ca",
): Promise<Authority> {
	await mkdir(directory, { recursive: true, mode: 0o700 });
	const keyPath = join(directory, "ca.key");
	const certificatePath = join(directory, "ca.crt");
	const storedCertificate = await readText(certificatePath);
	let keyPem = await readText(keyPath);
	if (keyPem === undefined && storedCertificate !== undefined) {
		throw new Error(
			`${certificatePath} is there but ${keyPath} is missing: restore the key from a backup, or remove ${directory} to start ` +
				"with a new authority (every kubeconfig and every host must then be given new certificates)",
		);
	}
	keyPem ??= await createFile(keyPath, (await generateKeys()).privatePem);
	const keys = parseKeys(keyPem, keyPath);
	// A key alone is a creation that was cut short before anybody could have trusted its certificate: go on from there.
	const caPem =
		storedCertificate ??
		(await createFile(
			certificatePath,
			await (await import("./certificate.ts")).selfSign({
				commonName,
				keys,
				notBefore: clock.now() - SKEW,
				notAfter: clock.now() + CA_LIFETIME,
			}),
		));
	checkPair(caPem, keyPem, certificatePath, keyPath);
	const issuer: Issuer = { certificatePem: caPem, keys };
	const signRequest = async ({ lifetime, ...request }: SignRequest) => {
		const { sign } = await import("./certificate.ts");
		return sign(issuer, {
			...request,
			notBefore: clock.now() - SKEW,
			notAfter: clock.now() + lifetime,
		});
	};
	return {
		caPem,
		signRequest,
		issue: async (request) => {
			const subject = await generateKeys();
			const certificatePem = await signRequest({ ...request, publicKey: subject.publicKey });
			return { certificatePem, keyPem: subject.privatePem };
		},
	};
}

function checkPair(certificatePem: string, keyPem: string, certificatePath: string, keyPath: string): void {
	const certificate = parseCertificate(certificatePem);
	if (!certificate) {
		throw new Error(
			`${certificatePath} is not a certificate: restore it from a backup, or remove it to have it made again`,
		);
	}
	if (!holdsKey(certificate, keyPem)) {
		throw new Error(`${certificatePath} does not belong to ${keyPath}: restore both from the same backup`);
	}
}

export function parseCertificate(pem: string): X509Certificate | undefined {
	try {
		return new X509Certificate(pem);
	} catch {
		return undefined;
	}
}

export function holdsKey(certificate: X509Certificate, keyPem: string): boolean {
	try {
		return certificate.checkPrivateKey(createPrivateKey(keyPem));
	} catch {
		return false;
	}
}
