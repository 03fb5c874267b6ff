/**
 * The agent's own port, with the kubelet's paths, where the API server comes for logs, exec, attach and port-forward.
 * Only callers with a client certificate of the cluster's authority, of a group that may all, get past the handshake's
 * door: the API server has already decided who may do what.
 */
import { createServer, type Server } from "node:https";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { type Clock, type Logger, type Pod, StatusError } from "@berth/api";
import Router from "@koa/router";
import Koa from "koa";
import type { Containers } from "./containers.ts";
import { parseLogOptions } from "./log-options.ts";
import { createUpgrades } from "./upgrades.ts";

const ADMINS = "system:masters";
const REQUEST_TIMEOUT = 30_000;

export interface AgentServerOptions {
	readonly port: number;
	/** Addresses to listen on. */
	readonly addresses: readonly string[];
	/** PEM. */
	readonly tls: { readonly certificate: string; readonly key: string; readonly ca: string };
	readonly containers: Containers;
	readonly pods: () => readonly Pod[];
	/** The process's metrics in Prometheus' text format. */
	readonly metrics: () => Promise<string>;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Resolves when every address listens. Disposing ends all connections, streams included. */
export async function startAgentServer(options: AgentServerOptions): Promise<AsyncDisposable> {
	const app = createApp(options);
	const upgrade = createUpgrades(options);
	const servers: Server[] = [];
	try {
		for (const address of options.addresses) servers.push(await listen(options, address, app, upgrade));
	} catch (error) {
		await closeAll(servers);
		throw error;
	}
	return { [Symbol.asyncDispose]: () => closeAll(servers) };
}

function createApp(options: AgentServerOptions): Koa {
	const { containers, log } = options;
	const router = new Router();
	router.get("/healthz", (context) => {
		context.body = "ok";
	});
	router.get("/pods", (context) => {
		context.body = { kind: "PodList", apiVersion: "v1", metadata: {}, items: options.pods() };
	});
	router.get("/metrics", async (context) => {
		context.type = "text/plain; version=0.0.4";
		context.body = await options.metrics();
	});
	router.get("/containerLogs/:namespace/:pod/:container", async (context) => {
		const { namespace = "", pod = "", container = "" } = context.params;
		const stop = new AbortController();
		context.res.once("close", () => stop.abort());
		const query = new URLSearchParams(context.querystring);
		const wanted = parseLogOptions(query, options.clock.now());
		const lines = await containers.logs({ namespace, pod, container }, wanted, stop.signal);
		lines.on("error", (error) => log.debug({ error, pod }, "reading a log broke"));
		context.status = 200;
		context.type = "text/plain";
		context.set("Transfer-Encoding", "chunked");
		// The client of a quiet log must not wait for the first line to know that it is connected.
		context.flushHeaders();
		context.body = lines;
	});

	const app = new Koa();
	app.silent = true;
	app.use(async (context, next) => {
		if (!isAdmin(context.req.socket as TLSSocket)) {
			context.status = 403;
			context.body = "Forbidden";
			return;
		}
		try {
			await next();
		} catch (error) {
			const status = error instanceof StatusError ? error.status : undefined;
			if (!status) log.error({ error, path: context.path }, "a request failed");
			context.status = status?.code ?? 500;
			context.body = status?.message ?? "internal error";
		}
	});
	app.use(router.routes());
	return app;
}

function listen(
	options: AgentServerOptions,
	address: string,
	app: Koa,
	upgrade: ReturnType<typeof createUpgrades>,
): Promise<Server> {
	const { certificate: cert, key, ca } = options.tls;
	const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true }, app.callback());
	server.headersTimeout = REQUEST_TIMEOUT;
	server.on("upgrade", (request, socket: Duplex, head) => {
		if (isAdmin(socket as TLSSocket)) upgrade(request, socket, head);
		else socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
	});
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port, address, () => {
			server.off("error", reject);
			server.on("error", (error) => options.log.error({ error }, "the agent's server failed"));
			resolve(server);
		});
	});
}

/** The organization of a certificate is the caller's group. */
function isAdmin(socket: TLSSocket): boolean {
	const organizations: string | readonly string[] | undefined = socket.getPeerCertificate().subject?.O;
	return Array.isArray(organizations) ? organizations.includes(ADMINS) : organizations === ADMINS;
}

async function closeAll(servers: readonly Server[]): Promise<void> {
	await Promise.all(
		servers.map(
			(server) =>
				new Promise<void>((resolve) => {
					server.close(() => resolve());
					server.closeAllConnections();
				}),
		),
	);
}
