/** A resolver on loopback that answers as a test wants. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { decode, encode, type Packet, type Question } from "dns-packet";
import type { Resolver } from "./resolvers.ts";

export interface FakeResolver extends Resolver {
	/** Questions that came, as `udp name`. */
	readonly asked: readonly string[];
	close(): void;
}

/** `reply` answers undefined to stay silent. */
export async function createFakeResolver(
	reply: (question: Question, via: "udp" | "tcp") => Partial<Packet> | undefined,
): Promise<FakeResolver> {
	const asked: string[] = [];
	const answer = (message: Buffer, via: "udp" | "tcp") => {
		const { id, questions = [] } = decode(message);
		const [question] = questions;
		if (!question) return undefined;
		asked.push(`${via} ${question.name}`);
		const packet = reply(question, via);
		return packet && encode({ type: "response", id, questions, ...packet });
	};
	const udp = createSocket("udp4");
	udp.on("message", (message, from) => {
		const bytes = answer(message, "udp");
		if (bytes) udp.send(bytes, from.port, from.address);
	});
	udp.bind(0, "127.0.0.1");
	await once(udp, "listening");
	const { port } = udp.address();
	const tcp = createServer((socket) => {
		socket.on("error", () => {});
		socket.on("data", (message) => {
			const bytes = answer(message.subarray(2), "tcp");
			if (bytes) socket.end(Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]));
		});
	});
	tcp.listen(port, "127.0.0.1");
	await once(tcp, "listening");
	return {
		address: "127.0.0.1",
		port,
		asked,
		close: () => {
			udp.close();
			tcp.close();
		},
	};
}
