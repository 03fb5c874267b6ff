/** One question to one resolver, by UDP or TCP. Each has a socket, a port and an id of its own: hard to forge. */
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { FLAG, HEADER } from "./query.ts";
import type { Resolver } from "./resolvers.ts";

export interface Exchange {
	readonly resolver: Resolver;
	/** The message to send; its question section is `question`. */
	readonly message: Buffer;
	readonly question: Buffer;
	readonly signal: AbortSignal;
}

/** Rejects when the resolver is not there or the signal aborts. Forged answers are waited past. */
export function askByUdp({ resolver, message, question, signal }: Exchange): Promise<Buffer> {
	const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
	const socket = createSocket(resolver.address.includes(":") ? "udp6" : "udp4");
	const stop = () => reject(signal.reason);
	signal.addEventListener("abort", stop, { once: true });
	socket.on("error", reject);
	socket.on("message", (answer) => {
		if (isAnswer(answer, message, question)) resolve(answer);
	});
	// Connected: the kernel drops what others send, and tells when nobody listens there.
	socket.connect(resolver.port, resolver.address, () => {
		if (signal.aborted) stop();
		else socket.send(message);
	});
	return promise.finally(() => {
		signal.removeEventListener("abort", stop);
		socket.close();
	});
}

export function askByTcp({ resolver, message, question, signal }: Exchange): Promise<Buffer> {
	const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
	const socket = connect({ host: resolver.address, port: resolver.port });
	const stop = () => reject(signal.reason);
	signal.addEventListener("abort", stop, { once: true });
	if (signal.aborted) stop();
	const chunks: Buffer[] = [];
	socket.on("error", reject);
	socket.on("close", () => reject(new Error("the resolver closed the connection")));
	socket.on("data", (chunk) => {
		chunks.push(chunk);
		const all = Buffer.concat(chunks);
		if (all.length < 2 || all.length < 2 + all.readUInt16BE(0)) return;
		const answer = all.subarray(2, 2 + all.readUInt16BE(0));
		if (isAnswer(answer, message, question)) resolve(answer);
		else reject(new Error("the resolver answered another question"));
	});
	const length = Buffer.alloc(2);
	length.writeUInt16BE(message.length);
	socket.write(Buffer.concat([length, message]));
	return promise.finally(() => {
		signal.removeEventListener("abort", stop);
		socket.destroy();
	});
}

/** Same id, same question (names may differ in case), and an answer at all. */
function isAnswer(answer: Buffer, message: Buffer, question: Buffer): boolean {
	const end = HEADER + question.length;
	if (answer.length < end || answer.readUInt16BE(0) !== message.readUInt16BE(0)) return false;
	if (!(answer.readUInt16BE(2) & FLAG.QR) || answer.readUInt16BE(4) !== 1) return false;
	return lower(answer.subarray(HEADER, end)) === lower(question);
}

const lower = (question: Buffer) => question.toString("latin1").toLowerCase();
