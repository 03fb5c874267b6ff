/** Makes a key and asks for its certificate (PKCS #10, RFC 2986). Loaded when there is one to ask for: years may pass. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export interface RequestOptions {
	readonly nodeName: string;
	/** Host names and addresses to serve; none for a client. */
	readonly names: readonly string[];
}

/** Both PEM. */
export async function makeRequest({
	nodeName,
	names,
}: RequestOptions): Promise<{ readonly request: string; readonly key: string }> {
	const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
	const alternatives = names.map((value) => ({
		type: isIP(value) ? ("ip" as const) : ("dns" as const),
		value,
	}));
	const made = await x509.Pkcs10CertificateRequestGenerator.create({
		name: [{ O: ["system:nodes"] }, { CN: [`system:node:${nodeName}`] }],
		keys,
		signingAlgorithm: ALGORITHM,
		extensions: alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : [],
	});
	const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
	return { request: made.toString("pem"), key: x509.PemConverter.encode(der, "PRIVATE KEY") };
}
