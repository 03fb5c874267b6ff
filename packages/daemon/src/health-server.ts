/** /healthz, /livez, /readyz and /metrics of a process that serves nothing else. Answers as Kubernetes' components do. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

export interface Check {
	/** A path segment: `/readyz/informers`. */
	readonly name: string;
	/** Failing means that only a restart helps: part of /healthz and /livez as well. Default: part of /readyz alone. */
	readonly live?: boolean | undefined;
	/** Throws when the check fails. The message is shown: it must hold no secret. */
	run(): void | Promise<void>;
}

export interface HealthServerOptions {
	/** 0: any free one. */
	readonly port: number;
	readonly address: string;
	readonly checks: readonly Check[];
	readonly metrics?: Registry | undefined;
}

export interface HealthServer {
	readonly port: number;
	close(): Promise<void>;
}

/** Resolves when it listens; rejects when the port is taken. */
export async function healthServer(options: HealthServerOptions): Promise<HealthServer> {
	const server = createServer((request, response) => {
		respond(request, response, options).catch(() => send(response, 500, "internal error\n"));
	});
	server.listen(options.port, options.address);
	await once(server, "listening");
	return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function respond(request: IncomingMessage, response: ServerResponse, options: HealthServerOptions) {
	const [pathname = "", query = ""] = (request.url ?? "").split("?", 2);
	const [, endpoint = "", name, ...rest] = pathname.split("/");
	if (request.method !== "GET" && request.method !== "HEAD")
		return send(response, 405, "method not allowed\n");
	if (pathname === "/metrics" && options.metrics) {
		return send(response, 200, await options.metrics.metrics(), options.metrics.contentType);
	}
	if (!["healthz", "livez", "readyz"].includes(endpoint) || rest.length > 0)
		return send(response, 404, "not found\n");
	const relevant = options.checks.filter((check) => endpoint === "readyz" || check.live);
	const asked = name ? relevant.filter((check) => check.name === name) : relevant;
	if (name && asked.length === 0) return send(response, 404, "not found\n");
	const lines = await Promise.all(asked.map(outcome));
	const healthy = lines.every((line) => line.startsWith("[+]"));
	if (healthy && !new URLSearchParams(query).has("verbose")) return send(response, 200, "ok");
	send(
		response,
		healthy ? 200 : 500,
		`${lines.join("")}${endpoint} check ${healthy ? "passed" : "failed"}\n`,
	);
}

async function outcome({ name, run }: Check): Promise<string> {
	try {
		await run();
		return `[+]${name} ok\n`;
	} catch (error) {
		return `[-]${name} failed: ${error instanceof Error ? error.message : String(error)}\n`;
	}
}

function send(response: ServerResponse, code: number, body: string, type = "text/plain; charset=utf-8") {
	response.writeHead(code, { "content-type": type, "x-content-type-options": "nosniff" });
	response.end(body);
}

function close(server: Server): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeAllConnections();
	return closed;
}
