/**
 * The certificates that an agent shows: to the API server, and on its own port. It is given the first; later ones, which it
 * asked for itself, are in its directory. Open streams never notice that there is a new one.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { missingAs, writeWhole } from "../../steps/pod-directory.ts";

/** PEM. */
export interface KeyPair {
	readonly certificate: string;
	readonly key: string;
}

export type Purpose = "client" | "serving";

export interface Certificates {
	/** As they are now. */
	current(purpose: Purpose): KeyPair;
	/** Keeps the pair on disk, and shows it from now on. */
	replace(purpose: Purpose, pair: KeyPair): Promise<void>;
	/** Tells each new serving pair. Answers with how to stop. */
	onServing(listener: (pair: KeyPair) => void): () => void;
}

export interface CertificatesOptions {
	/** Made when it is missing. */
	readonly directory: string;
	/** What the agent was set up with; good for both. */
	readonly given: KeyPair;
	/** PEM of the authority that has to have signed them. */
	readonly ca: string;
	/** Milliseconds since the epoch. */
	readonly now: number;
}

/** Shows whichever lasts longer: what was given, or what is in the directory and of the same node and authority. */
export async function openCertificates(options: CertificatesOptions): Promise<Certificates> {
	const { directory, given } = options;
	await mkdir(directory, { recursive: true, mode: 0o700 });
	const fileOf = (purpose: Purpose) => join(directory, `${purpose}.pem`);
	const best = async (purpose: Purpose): Promise<KeyPair> => {
		const stored = pairIn(await missingAs(readFile(fileOf(purpose), "utf8"), ""));
		return stored && isBetter(stored, options) ? stored : given;
	};
	const shown = { client: await best("client"), serving: await best("serving") };
	const listeners = new Set<(pair: KeyPair) => void>();
	return {
		current: (purpose) => shown[purpose],
		async replace(purpose, pair) {
			await writeWhole(fileOf(purpose), `${pair.certificate.trim()}\n${pair.key.trim()}\n`, 0o600);
			shown[purpose] = pair;
			if (purpose === "serving") for (const tell of listeners) tell(pair);
		},
		onServing(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
	};
}

function pairIn(text: string): KeyPair | undefined {
	const key = /-----BEGIN PRIVATE KEY-----[^-]*-----END PRIVATE KEY-----/.exec(text)?.[0];
	const certificate = /^(-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\s*)+/.exec(text)?.[0];
	return key && certificate ? { certificate, key } : undefined;
}

function isBetter(stored: KeyPair, { given, ca, now }: CertificatesOptions): boolean {
	try {
		const [mine, first] = [new X509Certificate(stored.certificate), new X509Certificate(given.certificate)];
		const end = Date.parse(mine.validTo);
		return (
			end > now &&
			end > Date.parse(first.validTo) &&
			mine.subject === first.subject &&
			mine.checkPrivateKey(createPrivateKey(stored.key)) &&
			mine.verify(new X509Certificate(ca).publicKey)
		);
	} catch {
		return false;
	}
}
