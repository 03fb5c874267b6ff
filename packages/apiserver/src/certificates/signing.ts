/** Approves what nodes ask for themselves, and signs approved requests of the cluster's own signers, as its controller manager would. */
import {
	CertificateSigningRequest,
	type Clock,
	formatTime,
	hasReason,
	type Logger,
	Node,
	type Transport,
} from "@berth/api";
import type { Pki } from "../pki/pki.ts";
import type { Objects } from "../store/objects.ts";
import { approvalOf } from "./approval.ts";
import { NODE_CLIENT, NODE_SERVING, refusalOf, SIGNERS } from "./signers.ts";

export interface SigningOptions {
	readonly objects: Objects;
	readonly pki: Pick<Pki, "signRequest">;
	/** Its user may sign. */
	readonly transport: Transport;
	readonly clock: Clock;
	readonly log: Logger;
}

const RETRY = 5_000;
const YEAR = 365 * 24 * 3600;

/** Looks at every request now and at each that changes, until disposed. */
export function signRequests(options: SigningOptions): AsyncDisposable {
	const stop = new AbortController();
	const loop = run(options, stop.signal);
	return {
		[Symbol.asyncDispose]: async () => {
			stop.abort();
			await loop;
		},
	};
}

async function run(options: SigningOptions, signal: AbortSignal): Promise<void> {
	const { objects, clock, log } = options;
	const cache = objects.of<CertificateSigningRequest>(CertificateSigningRequest);
	while (!signal.aborted) {
		const watch = cache.watch({ after: cache.revision });
		const end = () => void watch[Symbol.asyncDispose]();
		signal.addEventListener("abort", end);
		try {
			for (const { object } of cache.list()) await settle(options, object);
			for await (const batch of watch.batches) {
				for (const { type, current } of batch) {
					if (type === "put") await settle(options, current.object);
				}
			}
			return;
		} catch (error) {
			log.warn({ err: error }, "cannot sign certificate requests; trying again");
		} finally {
			signal.removeEventListener("abort", end);
			await watch[Symbol.asyncDispose]();
		}
		await clock.sleep(RETRY, signal);
	}
}

async function settle(options: SigningOptions, request: CertificateSigningRequest): Promise<void> {
	if (isOpen(request)) return approve(options, request);
	if (!isReady(request)) return;
	await write(options, request, "status", await outcome(options, request, options.clock.now()));
}

async function approve(options: SigningOptions, request: CertificateSigningRequest): Promise<void> {
	const { objects, clock } = options;
	const { parseRequest } = await import("./parse-request.ts");
	const parsed = await parseRequest(request.spec.request);
	const nodes = objects.of<Node>(Node);
	const message = approvalOf(request, parsed, (name) => nodes.get(name)?.object);
	if (message === undefined) return;
	const approved = {
		type: "Approved",
		status: "True",
		reason: "AutoApproved",
		message,
		lastUpdateTime: formatTime(clock.now()),
	};
	const conditions = [...(request.status?.conditions ?? []), approved];
	await write(options, request, "approval", { ...request.status, conditions });
}

async function write(
	{ transport }: SigningOptions,
	request: CertificateSigningRequest,
	subresource: "status" | "approval",
	status: NonNullable<CertificateSigningRequest["status"]>,
): Promise<void> {
	const { name, resourceVersion } = request.metadata;
	const path = `/apis/certificates.k8s.io/v1/certificatesigningrequests/${name}/${subresource}`;
	try {
		const body = { ...request, metadata: { ...request.metadata, resourceVersion }, status };
		await transport.call({ method: "PUT", path, body });
	} catch (error) {
		// Changed or gone meanwhile: its event comes next.
		if (!hasReason(error, "Conflict", "NotFound")) throw error;
	}
}

/** A node's, that nobody has decided on. */
const isOpen = ({ spec, status, metadata }: CertificateSigningRequest): boolean =>
	(spec.signerName === NODE_CLIENT || spec.signerName === NODE_SERVING) &&
	!metadata.deletionTimestamp &&
	(status?.conditions ?? []).length === 0;

const isReady = ({ spec, status, metadata }: CertificateSigningRequest): boolean => {
	const types = (status?.conditions ?? []).map(({ type }) => type);
	return (
		SIGNERS.includes(spec.signerName) &&
		!metadata.deletionTimestamp &&
		!status?.certificate &&
		types.includes("Approved") &&
		!types.includes("Denied") &&
		!types.includes("Failed")
	);
};

async function outcome({ pki }: SigningOptions, { spec, status }: CertificateSigningRequest, now: number) {
	const { parseRequest } = await import("./parse-request.ts");
	const parsed = await parseRequest(spec.request);
	const { signerName, usages = [], expirationSeconds } = spec;
	const refusal = refusalOf({ signerName, usages, parsed });
	if (refusal !== undefined) {
		const failed = {
			type: "Failed",
			status: "True",
			reason: "SignerValidationFailure",
			message: refusal,
			lastUpdateTime: formatTime(now),
		};
		return { ...status, conditions: [...(status?.conditions ?? []), failed] };
	}
	const pem = await pki.signRequest({
		commonName: parsed.commonName,
		organizations: parsed.organizations,
		names: [...parsed.dnsNames, ...parsed.ipAddresses],
		usages: [usages.includes("server auth") ? "server" : "client"],
		publicKey: parsed.publicKey,
		lifetime: Math.min(expirationSeconds ?? YEAR, YEAR) * 1000,
	});
	return { ...status, certificate: Buffer.from(pem).toString("base64") };
}
