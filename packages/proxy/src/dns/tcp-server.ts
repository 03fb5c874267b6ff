/** Answers by TCP: several questions at a time on one connection, within limits that no client can stretch. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Clock } from "@berth/api";
import type { Listening, ListenOptions } from "./udp-server.ts";

/** Connections at a time; the longest idle one makes room. */
const CONNECTIONS = 256;
/** Questions of one connection that are being answered; more wait in the kernel. */
const QUESTIONS = 64;
/** Milliseconds without a whole question, sent or being answered. */
const IDLE = 10_000;
/** Bytes of answers that a client has not taken. */
const UNREAD = 256 * 1_024;

export interface TcpOptions extends ListenOptions {
	readonly clock: Clock;
}

export async function listenTcp({ address, port, respond, clock }: TcpOptions): Promise<Listening> {
	/** Least recently active first. */
	const connections = new Set<Socket>();
	const { promise: failed, reject } = Promise.withResolvers<never>();
	failed.catch(() => {});

	function serve(socket: Socket) {
		let received: Buffer = Buffer.alloc(0);
		let busy = 0;
		let ended = false;
		let cancel = () => {};
		const active = () => {
			cancel();
			connections.delete(socket);
			connections.add(socket);
			// A client that sends byte by byte is as idle as one that sends nothing.
			cancel = clock.after(IDLE, () => (busy === 0 ? socket.destroy() : active()));
		};

		const answer = async (question: Buffer) => {
			busy++;
			const bytes = await respond(question, "tcp");
			busy--;
			if (socket.destroyed) return;
			if (bytes) {
				const length = Buffer.alloc(2);
				length.writeUInt16BE(bytes.length);
				socket.write(Buffer.concat([length, bytes]));
				if (socket.writableLength > UNREAD) socket.destroy();
			}
			read();
		};
		const read = () => {
			while (busy < QUESTIONS && received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
				const end = 2 + received.readUInt16BE(0);
				const question = received.subarray(2, end);
				received = received.subarray(end);
				active();
				void answer(question);
			}
			if (busy >= QUESTIONS) socket.pause();
			else if (ended) {
				if (busy === 0) socket.end();
			} else socket.resume();
		};

		active();
		if (connections.size > CONNECTIONS) {
			const [idlest = socket] = connections;
			connections.delete(idlest);
			idlest.destroy();
		}
		socket.on("data", (chunk: Buffer) => {
			received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk;
			read();
		});
		socket.on("end", () => {
			ended = true;
			read();
		});
		socket.on("error", () => socket.destroy());
		socket.on("close", () => {
			cancel();
			connections.delete(socket);
		});
	}

	const server = createServer({ allowHalfOpen: true, noDelay: true }, serve);
	const listening = once(server, "listening");
	server.listen({ host: address, port, exclusive: true });
	await listening;
	server.on("error", reject);
	const bound = server.address();
	return {
		port: bound && typeof bound === "object" ? bound.port : port,
		failed,
		close: async () => {
			const closed = once(server, "close");
			server.close();
			for (const socket of connections) socket.destroy();
			await closed;
		},
	};
}
