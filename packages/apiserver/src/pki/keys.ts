/** ECDSA P-256 keys as PEM text, and as what the Web Crypto API wants. */
import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from "node:crypto";

export const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

export interface KeyPair {
	readonly privateKey: webcrypto.CryptoKey;
	readonly publicKey: webcrypto.CryptoKey;
	readonly privatePem: string;
}

export async function generateKeys(): Promise<KeyPair> {
	const { privateKey } = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
	const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", privateKey));
	return pairOf(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

/** Throws an Error naming `source` when the text is not a P-256 private key. */
export function parseKeys(pem: string, source: string): KeyPair {
	let key: KeyObject;
	try {
		key = createPrivateKey(pem);
	} catch {
		throw new Error(`${source} does not hold a private key in PEM form`);
	}
	if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
		throw new Error(`${source} does not hold an ECDSA P-256 key`);
	}
	return pairOf(key);
}

function pairOf(key: KeyObject): KeyPair {
	return {
		privateKey: key.toCryptoKey(ALGORITHM, true, ["sign"]),
		publicKey: createPublicKey(key).toCryptoKey(ALGORITHM, true, ["verify"]),
		privatePem: key.export({ type: "pkcs8", format: "pem" }).toString(),
	};
}
