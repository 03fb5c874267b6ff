/** What can go wrong between this server and another one, in the words that Kubernetes' users search for. */
import { isIPv6 } from "node:net";

/** The far side could not be reached, or did not answer as it should. The message is meant for people. */
export class OutboundError extends Error {
	override readonly name = "OutboundError";
}

export const DEADLINE = "context deadline exceeded";

/** Texts of TLS failures by Node's codes. */
const TLS_FAILURES: ReadonlyMap<string, string> = new Map([
	["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate signed by unknown authority"],
	["UNABLE_TO_GET_ISSUER_CERT", "certificate signed by unknown authority"],
	["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate signed by unknown authority"],
	["SELF_SIGNED_CERT_IN_CHAIN", "certificate signed by unknown authority"],
	["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate signed by unknown authority"],
	["CERT_SIGNATURE_FAILURE", "certificate signed by unknown authority"],
	["INVALID_CA", "certificate signed by unknown authority"],
	["CERT_HAS_EXPIRED", "certificate has expired or is not yet valid"],
	["CERT_NOT_YET_VALID", "certificate has expired or is not yet valid"],
]);

const SOCKET_FAILURES: ReadonlyMap<string, string> = new Map([
	["ECONNREFUSED", "connect: connection refused"],
	["EHOSTUNREACH", "connect: no route to host"],
	["ENETUNREACH", "connect: network is unreachable"],
	["ETIMEDOUT", "i/o timeout"],
]);

const RESET = new Set(["ECONNRESET", "EPIPE", "ERR_SOCKET_CLOSED", "HPE_INVALID_CONSTANT"]);

/** What a system error means, for a connection to `servername` at `host:port`. */
export function describeFailure(
	error: unknown,
	at: { readonly host: string; readonly port: number; readonly servername: string },
): string {
	if (!(error instanceof Error)) return String(error);
	const code = "code" in error && typeof error.code === "string" ? error.code : "";
	const untrusted = TLS_FAILURES.get(code);
	if (untrusted) return `tls: failed to verify certificate: x509: ${untrusted}`;
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
		return `tls: failed to verify certificate: x509: certificate is not valid for ${JSON.stringify(at.servername)}`;
	}
	const address = `${isIPv6(at.host) ? `[${at.host}]` : at.host}:${at.port}`;
	const broken = SOCKET_FAILURES.get(code);
	if (broken) return `dial tcp ${address}: ${broken}`;
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `dial tcp: lookup ${at.host}: no such host`;
	if (RESET.has(code)) return "EOF";
	if (code.startsWith("ERR_SSL") || code.startsWith("ERR_OSSL") || code === "EPROTO") {
		return "tls: first record does not look like a TLS handshake";
	}
	return error.message;
}
