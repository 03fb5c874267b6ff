/** Makes X.509 certificates; knows nothing of files. Loaded when a certificate must be made: most starts need none. */
import "reflect-metadata";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import { ALGORITHM, type KeyPair } from "./keys.ts";

export interface CertificateRequest {
	readonly commonName: string;
	/** Kubernetes reads them as groups. */
	readonly organizations?: readonly string[];
	/** Host names and IP addresses. */
	readonly names?: readonly string[];
	readonly usages: readonly ("client" | "server")[];
	/** The subject's public key. */
	readonly publicKey: KeyPair["publicKey"];
	/** Milliseconds since the epoch. */
	readonly notBefore: number;
	readonly notAfter: number;
}

export interface Issuer {
	readonly certificatePem: string;
	readonly keys: KeyPair;
}

const SIGNING = { name: ALGORITHM.name, hash: "SHA-256" } as const;
const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;

/** A self-signed certificate of an authority. */
export async function selfSign(request: {
	commonName: string;
	keys: KeyPair;
	notBefore: number;
	notAfter: number;
}): Promise<string> {
	const { keys } = request;
	const certificate = await x509.X509CertificateGenerator.createSelfSigned({
		name: subject(request.commonName, []),
		keys: { privateKey: keys.privateKey, publicKey: keys.publicKey },
		notBefore: new Date(request.notBefore),
		notAfter: new Date(request.notAfter),
		signingAlgorithm: SIGNING,
		extensions: [
			new x509.BasicConstraintsExtension(true, undefined, true),
			new x509.KeyUsagesExtension(digitalSignature | keyCertSign | cRLSign, true),
			await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
		],
	});
	return pemOf(certificate);
}

/** A leaf certificate signed by `issuer`, as PEM. Throws when the common name is empty. */
export async function sign(issuer: Issuer, request: CertificateRequest): Promise<string> {
	if (!request.commonName) throw new Error("a certificate needs a name");
	const authority = new x509.X509Certificate(issuer.certificatePem);
	const names = (request.names ?? []).map((name) => ({
		type: isIP(name) ? ("ip" as const) : ("dns" as const),
		value: name,
	}));
	const certificate = await x509.X509CertificateGenerator.create({
		subject: subject(request.commonName, request.organizations ?? []),
		issuer: authority.subjectName,
		publicKey: request.publicKey,
		signingKey: issuer.keys.privateKey,
		notBefore: new Date(request.notBefore),
		notAfter: new Date(Math.min(request.notAfter, authority.notAfter.getTime())),
		signingAlgorithm: SIGNING,
		extensions: [
			new x509.BasicConstraintsExtension(false, undefined, true),
			new x509.KeyUsagesExtension(digitalSignature, true),
			new x509.ExtendedKeyUsageExtension(
				request.usages.map(
					(usage) => x509.ExtendedKeyUsage[usage === "client" ? "clientAuth" : "serverAuth"],
				),
			),
			await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
			...(names.length ? [new x509.SubjectAlternativeNameExtension(names)] : []),
		],
	});
	return pemOf(certificate);
}

/** UTF8String throughout: a bare text starting with `#` would be taken for hexadecimal. */
const subject = (commonName: string, organizations: readonly string[]): x509.Name =>
	new x509.Name([
		...organizations.map((name) => ({ O: [{ utf8String: name }] })),
		{ CN: [{ utf8String: commonName }] },
	]);

/** The library's PEM has no newline at its end, which some readers of concatenated files need. */
const pemOf = (certificate: x509.X509Certificate): string => `${certificate.toString("pem").trimEnd()}\n`;
