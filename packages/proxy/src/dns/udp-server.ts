/** Answers by UDP. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { Logger } from "@berth/api";
import type { Responder } from "./responder.ts";

export interface Listening {
	readonly port: number;
	/** Rejects when it cannot go on; never resolves. */
	readonly failed: Promise<never>;
	close(): Promise<void>;
}

export interface ListenOptions {
	readonly address: string;
	/** 0: any. */
	readonly port: number;
	readonly respond: Responder;
	readonly log: Logger;
}

/** Rejects when the address or port cannot be had. */
export async function listenUdp({ address, port, respond, log }: ListenOptions): Promise<Listening> {
	const socket = createSocket({ type: address.includes(":") ? "udp6" : "udp4", recvBufferSize: 1 << 20 });
	let open = true;
	const { promise: failed, reject } = Promise.withResolvers<never>();
	failed.catch(() => {});

	socket.on("message", async (message, client) => {
		const answer = await respond(message, "udp");
		// Port 0 is nobody's: forged, and an error to send to.
		if (!answer || !open || client.port === 0) return;
		socket.send(answer, client.port, client.address, (error) => {
			// The client is gone, or a firewall stands between: its own trouble.
			if (error) log.debug({ err: error, client: client.address }, "a DNS answer could not be sent");
		});
	});
	const bound = once(socket, "listening");
	try {
		socket.bind({ address, port, exclusive: true });
		await bound;
	} catch (error) {
		socket.close();
		throw error;
	}
	socket.on("error", reject);
	return {
		port: socket.address().port,
		failed,
		close: async () => {
			open = false;
			socket.close();
			await once(socket, "close");
		},
	};
}
