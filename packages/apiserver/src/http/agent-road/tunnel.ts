/** Joins a client's upgraded connection with an agent's: the streaming protocols pass through untouched. */
import type { Duplex } from "node:stream";
import { SOCKET_TOKEN } from "../../auth/authenticate.ts";
import type { RawConnection } from "../upgrade.ts";

/** Credentials and names that were meant for this server. */
const OWN_HEADERS =
	/^(?:host|authorization|cookie|impersonate-.*|x-remote-.*|x-forwarded-.*|audit-id|accept-encoding)$/i;

export interface UpgradeRequest {
	readonly method: string;
	/** With its query. */
	readonly path: string;
	readonly host: string;
	/** Names and values in turn, as they came. */
	readonly rawHeaders: readonly string[];
	/** Further headers in the same form: who asks. */
	readonly identity?: readonly string[];
}

/** The request line and headers for the agent. Values were parsed from HTTP, so they hold no line breaks. */
export function upgradeHead({ method, path, host, rawHeaders, identity = [] }: UpgradeRequest): string {
	const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`];
	for (let i = 0; i + 1 < identity.length; i += 2) lines.push(`${identity[i]}: ${identity[i + 1]}`);
	for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
		const name = rawHeaders[i] ?? "";
		if (OWN_HEADERS.test(name)) continue;
		const value = rawHeaders[i + 1] ?? "";
		const sent = name.toLowerCase() === "sec-websocket-protocol" ? withoutToken(value) : value;
		if (sent) lines.push(`${name}: ${sent}`);
	}
	return `${lines.join("\r\n")}\r\n\r\n`;
}

const withoutToken = (protocols: string): string =>
	protocols
		.split(",")
		.map((protocol) => protocol.trim())
		.filter((protocol) => !protocol.startsWith(SOCKET_TOKEN))
		.join(", ");

/** Resolves when either side has closed; both are closed then. */
export function joinStreams(
	client: RawConnection,
	agent: Duplex,
	head: string,
	signal: AbortSignal,
): Promise<void> {
	const { socket } = client;
	return new Promise((resolve) => {
		const end = () => {
			signal.removeEventListener("abort", end);
			socket.destroy();
			agent.destroy();
			resolve();
		};
		signal.addEventListener("abort", end);
		for (const side of [socket, agent]) side.on("error", end).on("close", end);
		// As Node reads headers: byte by byte.
		agent.write(head, "latin1");
		if (client.head.length) agent.write(client.head);
		socket.pipe(agent);
		agent.pipe(socket);
	});
}
