/** Connections that leave HTTP: exec, attach and port-forward, over WebSocket or SPDY/3.1. */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { parseGoDuration, StatusError } from "@berth/api";
import { WebSocketServer } from "ws";
import type { ContainerProcess, Containers, ProcessOptions } from "./containers.ts";
import { flag } from "./log-options.ts";
import type { AgentServerOptions } from "./server.ts";
import type { Channels } from "./streaming/channels.ts";
import { forwardPorts, PORT_FORWARD_PROTOCOL, TUNNEL_PROTOCOL, tunnelOf } from "./streaming/port-forward.ts";
import { remoteCommand } from "./streaming/remote-command.ts";
import { SPDY_PROTOCOLS, spdyChannels } from "./streaming/spdy-channels.ts";
import { COMMAND_PROTOCOLS, websocketChannels } from "./streaming/websocket-channels.ts";
import { forwardNamedPorts, mostPorts, PORT_PROTOCOLS } from "./streaming/websocket-ports.ts";

type Target =
	| {
			readonly type: "command";
			readonly options: ProcessOptions;
			readonly ready: () => Promise<void>;
			readonly start: () => Promise<ContainerProcess>;
	  }
	| {
			readonly type: "forward";
			readonly namespace: string;
			readonly pod: string;
			/** Those that the query names. */
			readonly ports: readonly number[];
			readonly ready: () => Promise<void>;
	  };

const COMMAND_PATH = /^\/(exec|attach)\/([^/]+)\/([^/]+)\/([^/]+)$/;
const FORWARD_PATH = /^\/portForward\/([^/]+)\/([^/]+)$/;

export type UpgradesOptions = Pick<AgentServerOptions, "containers" | "configuration" | "log">;

export function createUpgrades({
	containers,
	configuration,
	log,
}: UpgradesOptions): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
	/** Milliseconds; 0: for ever. */
	const idle = parseGoDuration(configuration.streamingConnectionIdleTimeout ?? "0s") / 1e6;
	const commands = new WebSocketServer({
		noServer: true,
		handleProtocols: (offered) => COMMAND_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
		maxPayload: 32 * 1024 * 1024,
	});
	const ports = new WebSocketServer({
		noServer: true,
		handleProtocols: (offered) => PORT_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
		maxPayload: 32 * 1024 * 1024,
	});
	const tunnels = new WebSocketServer({ noServer: true, maxPayload: 32 * 1024 * 1024 });
	tunnels.on("headers", (headers) => headers.push(`Sec-WebSocket-Protocol: ${TUNNEL_PROTOCOL}`));

	const protocols = new Map([
		["websocket", overWebSocket],
		["spdy/3.1", overSpdy],
	]);

	return (request, socket, head) => {
		socket.on("error", (error) => log.debug({ error }, "a stream broke"));
		const target = targetOf(request, containers);
		if (!target) {
			refuse(socket, 404, "not found");
			return;
		}
		const upgrade = protocols.get(request.headers.upgrade?.toLowerCase() ?? "");
		if (!upgrade) {
			refuse(socket, 400, "only WebSocket and SPDY/3.1 upgrades are supported");
			return;
		}
		// What cannot begin is told in HTTP, which every client shows as it is.
		target.ready().then(
			() => {
				upgrade(target, request, socket, head);
				// Upgrading takes away what was set before.
				if (socket instanceof Socket) socket.setTimeout(idle, () => socket.destroy());
			},
			(error: unknown) => {
				const status = error instanceof StatusError ? error.status : undefined;
				if (!status) log.error({ error, path: request.url }, "a stream could not begin");
				refuse(socket, status?.code ?? 500, status?.message ?? "internal error");
			},
		);
	};

	function overWebSocket(target: Target, request: IncomingMessage, socket: Duplex, head: Buffer): void {
		const known = target.type === "command" ? COMMAND_PROTOCOLS : [TUNNEL_PROTOCOL, ...PORT_PROTOCOLS];
		const offered = listOf(request.headers["sec-websocket-protocol"]);
		const protocol = known.find((name) => offered.includes(name));
		if (!protocol) {
			return refuse(
				socket,
				400,
				`unsupported subprotocols ${offered.join(", ")}; supported: ${known.join(", ")}`,
			);
		}
		if (target.type === "command") {
			return commands.handleUpgrade(request, socket, head, (webSocket) => {
				void remoteCommand(websocketChannels(webSocket, target.options), target.start);
			});
		}
		const { namespace, pod } = target;
		if (protocol === TUNNEL_PROTOCOL) {
			// The tunnel's name has a slash, which is no character of a token (RFC 6455, 4.1): ws would refuse it.
			delete request.headers["sec-websocket-protocol"];
			return tunnels.handleUpgrade(request, socket, head, (webSocket) => {
				void forwardPorts({ socket: tunnelOf(webSocket), containers, namespace, pod, log });
			});
		}
		const most = mostPorts(protocol);
		if (target.ports.length === 0) return refuse(socket, 400, 'query parameter "port" is required');
		if (target.ports.length > most) return refuse(socket, 400, `no more than ${most} ports can be forwarded`);
		return ports.handleUpgrade(request, socket, head, (webSocket) => {
			void forwardNamedPorts({ socket: webSocket, ports: target.ports, containers, namespace, pod });
		});
	}

	function overSpdy(target: Target, request: IncomingMessage, socket: Duplex, head: Buffer): void {
		const offered = listOf(request.headers["x-stream-protocol-version"]);
		const known = target.type === "command" ? SPDY_PROTOCOLS : [PORT_FORWARD_PROTOCOL];
		// The oldest clients name no version and mean the first.
		const protocol = offered.length === 0 ? known.at(-1) : known.find((name) => offered.includes(name));
		if (!protocol) {
			refuse(socket, 403, `unsupported stream protocols ${offered.join(", ")}`);
			return;
		}
		socket.write(
			"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n" +
				`X-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
		);
		if (head.length) socket.unshift(head);
		if (target.type === "forward") {
			const { namespace, pod } = target;
			void forwardPorts({ socket, containers, namespace, pod, log });
			return;
		}
		spdyChannels(socket, target.options, protocol)
			.then((channels: Channels) => remoteCommand(channels, target.start))
			.catch((error: unknown) => log.debug({ error }, "a SPDY client left before it began"));
	}
}

function targetOf(request: IncomingMessage, containers: Containers): Target | undefined {
	const url = new URL(request.url ?? "/", "https://agent");
	const command = COMMAND_PATH.exec(url.pathname);
	if (command) {
		const [, action, namespace = "", pod = "", container = ""] = command.map((part) => part && decode(part));
		const query = url.searchParams;
		const tty = flag(query, "tty");
		const options: ProcessOptions = {
			stdin: flag(query, "input"),
			stdout: flag(query, "output"),
			stderr: flag(query, "error") && !tty,
			tty,
		};
		const target = { namespace, pod, container };
		return {
			type: "command",
			options,
			ready: () => containers.ready(target),
			start: () =>
				action === "exec"
					? containers.exec(target, query.getAll("command"), options)
					: containers.attach(target, options),
		};
	}
	const forward = FORWARD_PATH.exec(url.pathname);
	if (!forward) return undefined;
	const named = { namespace: decode(forward[1] ?? ""), pod: decode(forward[2] ?? "") };
	const ports = url.searchParams.getAll("port").map(Number);
	if (!ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536)) return undefined;
	return { type: "forward", ...named, ports, ready: () => containers.ready(named) };
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return "";
	}
}

const listOf = (header: string | string[] | undefined): string[] =>
	[header ?? []]
		.flat()
		.flatMap((value) => value.split(","))
		.map((value) => value.trim())
		.filter(Boolean);

function refuse(socket: Duplex, code: number, why: string): void {
	const reason = STATUS_CODES[code] ?? "Error";
	socket.end(
		`HTTP/1.1 ${code} ${reason}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(why)}\r\n\r\n${why}`,
	);
}
