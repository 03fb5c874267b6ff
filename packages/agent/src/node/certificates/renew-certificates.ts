/** Renews the agent's certificates before they end. */
import { CertificateSigningRequest, type Clock, type Logger, type Node } from "@berth/api";
import { type Client, createBackoff } from "@berth/client";
import type { EventRecorder } from "@berth/reconcile";
import type { Certificates, KeyPair, Purpose } from "./certificates.ts";
import { renewalTime, serves } from "./plan-renewal.ts";

export interface RenewalOptions {
	readonly client: Client;
	readonly certificates: Certificates;
	readonly nodeName: string;
	/** As the API has it; undefined until it is registered. */
	readonly node: () => Node | undefined;
	readonly events: EventRecorder;
	/** A renewal failed; it is tried again. */
	readonly failed: (purpose: Purpose) => void;
	readonly clock: Clock;
	readonly log: Logger;
	/** In [0, 1). */
	readonly random: () => number;
}

/** What a purpose asks whom for. */
const ASKED = {
	client: { signerName: "kubernetes.io/kube-apiserver-client-kubelet", usage: "client auth" },
	serving: { signerName: "kubernetes.io/kubelet-serving", usage: "server auth" },
} as const;

/** The node may get other addresses meanwhile. */
const LOOK_EVERY = 60_000;
/** For an approval, in seconds. */
const PATIENCE = 900;
const RETRY = { base: 2_000, cap: 300_000 };

/** Runs until the signal aborts. */
export async function renewCertificates(options: RenewalOptions, signal: AbortSignal): Promise<void> {
	await Promise.all([keep(options, "client", signal), keep(options, "serving", signal)]);
}

async function keep(options: RenewalOptions, purpose: Purpose, signal: AbortSignal): Promise<void> {
	const { certificates, clock, log, random } = options;
	const backoff = createBackoff({ ...RETRY, random });
	const share = random();
	while (!signal.aborted) {
		const { certificate } = certificates.current(purpose);
		const node = options.node();
		const names = node && purpose === "serving" ? namesOf(node) : [];
		const left = renewalTime(certificate, share) - clock.now();
		if (!node || (left > 0 && serves(certificate, names))) {
			await clock.sleep(Math.min(Math.max(left, 0), LOOK_EVERY) || LOOK_EVERY, signal);
			continue;
		}
		try {
			await certificates.replace(purpose, await renewed(options, purpose, names, signal));
			log.info({ purpose }, "a certificate of this host was renewed");
			backoff.reset();
		} catch (error) {
			if (signal.aborted) return;
			const message = error instanceof Error ? error.message : String(error);
			log.warn({ error, purpose }, "a certificate of this host cannot be renewed, trying again");
			options.failed(purpose);
			options.events.warning(
				node,
				"CertificateRenewalFailed",
				`Node ${options.nodeName} cannot renew its ${purpose} certificate: ${message}`,
			);
			await clock.sleep(backoff.next(), signal);
		}
	}
}

async function renewed(
	{ client, nodeName }: RenewalOptions,
	purpose: Purpose,
	names: readonly string[],
	signal: AbortSignal,
): Promise<KeyPair> {
	const { makeRequest } = await import("./request.ts");
	const { request, key } = await makeRequest({ nodeName, names });
	const { signerName, usage } = ASKED[purpose];
	const asked = await client.create(CertificateSigningRequest, {
		metadata: { generateName: "csr-" },
		spec: {
			request: Buffer.from(request).toString("base64"),
			signerName,
			usages: ["digital signature", usage],
		},
	});
	return { certificate: await issued(client, asked, signal), key };
}

/** PEM. Throws an Error that says who has not done what. */
async function issued(
	client: Client,
	{ metadata: { name, resourceVersion } }: CertificateSigningRequest,
	signal: AbortSignal,
): Promise<string> {
	const events = await client.watch(CertificateSigningRequest, {
		fieldSelector: `metadata.name=${name}`,
		resourceVersion,
		timeoutSeconds: PATIENCE,
		signal,
	});
	for await (const event of events) {
		if (event.type !== "MODIFIED") continue;
		const { certificate, conditions = [] } = event.object.status ?? {};
		if (certificate) return Buffer.from(certificate, "base64").toString();
		const refusal = conditions.find(({ type }) => type === "Denied" || type === "Failed");
		if (refusal) {
			throw new Error(`request ${name} was refused: ${refusal.message || refusal.reason || refusal.type}`);
		}
	}
	throw new Error(`nobody has approved and signed request ${name}: kubectl certificate approve ${name}`);
}

const namesOf = ({ metadata, status }: Node): readonly string[] => [
	...new Set([metadata.name, ...(status?.addresses ?? []).map(({ address }) => address)]),
];
