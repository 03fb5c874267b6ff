/** Reads PKCS #10 certificate requests (RFC 2986). Loaded when there is one: most starts need none. */
import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

export interface ParsedRequest {
	readonly commonName: string;
	readonly organizations: readonly string[];
	readonly dnsNames: readonly string[];
	readonly ipAddresses: readonly string[];
	/** Other subject alternative names: mail addresses, URIs … */
	readonly hasOtherNames: boolean;
	/** The subject's. */
	readonly publicKey: webcrypto.CryptoKey;
}

const ALTERNATIVE_NAMES = "2.5.29.17";

/** `request` is base64 of PEM. Rejects with an Error that says what is wrong, in Kubernetes' words. */
export async function parseRequest(request: string): Promise<ParsedRequest> {
	const pem = Buffer.from(request, "base64").toString("latin1");
	const block = /-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]*)-----END \1-----/.exec(pem);
	if (block?.[1] !== "CERTIFICATE REQUEST") throw new Error("PEM block type must be CERTIFICATE REQUEST");
	const parsed = parse(block[2] ?? "");
	if (!(await parsed.verify().catch(() => false))) throw new Error("the signature of the request is wrong");
	const extension = parsed.getExtension(ALTERNATIVE_NAMES);
	const names = extension ? new x509.SubjectAlternativeNameExtension(extension.rawData).names.items : [];
	const namesOf = (type: string) => names.filter((name) => name.type === type).map(({ value }) => value);
	return {
		commonName: parsed.subjectName.getField("CN")[0] ?? "",
		organizations: parsed.subjectName.getField("O"),
		dnsNames: namesOf("dns"),
		ipAddresses: namesOf("ip"),
		hasOtherNames: names.some(({ type }) => type !== "dns" && type !== "ip"),
		publicKey: await parsed.publicKey.export(),
	};
}

function parse(base64: string): x509.Pkcs10CertificateRequest {
	try {
		return new x509.Pkcs10CertificateRequest(Buffer.from(base64, "base64"));
	} catch {
		throw new Error("the request is not valid ASN.1 of a PKCS #10 certificate request");
	}
}
