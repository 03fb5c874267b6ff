/**
 * Does the container's gRPC health service say SERVING? One unary call over clear HTTP/2, its two tiny messages written
 * and read by hand. Protocol: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
import { connect } from "node:http2";
import type { GRPCAction } from "@berth/api";
import { type CheckResult, type CheckTarget, dialError, failed, PASSED } from "./result.ts";

const PATH = "/grpc.health.v1.Health/Check";
const SERVING = 1;
const NOT_IMPLEMENTED = "12";

export function checkGrpc(
	{ port, service }: GRPCAction,
	{ host }: CheckTarget,
	signal: AbortSignal,
): Promise<CheckResult> {
	const authority = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
	return new Promise((resolve) => {
		const session = connect(authority);
		const end = (result: CheckResult) => {
			signal.removeEventListener("abort", expire);
			session.destroy();
			resolve(result);
		};
		const expire = () => end(failed(`timeout: failed to connect service "${host}:${port}" within its time`));
		if (signal.aborted) return expire();
		signal.addEventListener("abort", expire, { once: true });
		session.on("error", (error) => end(failed(`failed to connect service: ${dialError(error, host, port)}`)));
		const stream = session.request({
			":method": "POST",
			":path": PATH,
			"content-type": "application/grpc",
			te: "trailers",
			"user-agent": "kube-probe/1.36",
		});
		const chunks: Buffer[] = [];
		let code = "";
		stream.on("data", (chunk: Buffer) => chunks.push(chunk));
		stream.on("response", (headers) => {
			code = String(headers["grpc-status"] ?? code);
		});
		stream.on("trailers", (headers) => {
			code = String(headers["grpc-status"] ?? code);
		});
		// The session's error says it.
		stream.on("error", () => {});
		stream.on("end", () => end(verdict(code, statusIn(Buffer.concat(chunks)))));
		stream.end(framed(service ?? ""));
		return undefined;
	});
}

function verdict(code: string, status: number): CheckResult {
	if (code === NOT_IMPLEMENTED)
		return failed("error: this server does not implement the grpc health protocol (grpc.health.v1.Health)");
	if (code !== "0") return failed(`error: health rpc probe failed: grpc status ${code}`);
	return status === SERVING
		? PASSED
		: failed(`service unhealthy (responded with ${status === 2 ? "NOT_SERVING" : status})`);
}

/** HealthCheckRequest {service = 1} behind gRPC's five bytes: no compression, length. */
function framed(service: string): Buffer {
	const name = Buffer.from(service);
	const message =
		name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
	const head = Buffer.alloc(5);
	head.writeUInt32BE(message.length, 1);
	return Buffer.concat([head, message]);
}

const varint = (value: number): number[] =>
	value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];

/** HealthCheckResponse {status = 1}, an enumeration of small numbers. */
function statusIn(answer: Buffer): number {
	const message = answer.subarray(5);
	return message[0] === 0x08 ? (message[1] ?? 0) : 0;
}
