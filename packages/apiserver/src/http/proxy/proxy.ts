/** HTTP and upgrades through the API server to nodes, pods and services, for those whom RBAC lets. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { pipeline } from "node:stream/promises";
import { connect as connectTls } from "node:tls";
import {
	Endpoints,
	type Kind,
	type KubeObject,
	Node,
	notFound,
	Pod,
	Service,
	serviceUnavailable,
} from "@berth/api";
import type { Admission } from "../../admission/admission.ts";
import type { Objects } from "../../store/objects.ts";
import type { Agents } from "../agent-road/agents.ts";
import { joinStreams, upgradeHead } from "../agent-road/tunnel.ts";
import { admitConnect } from "../connect-admission.ts";
import type { Context, Middleware } from "../context.ts";
import { pump } from "../pump.ts";
import type { Upgrades } from "../upgrade.ts";
import { throughPage } from "./page.ts";
import { passAnswer, requestHeaders } from "./passed-headers.ts";
import {
	nodeTarget,
	type ProxyName,
	type ProxyTarget,
	parseProxyName,
	podTarget,
	serviceTarget,
} from "./target.ts";

export interface ProxyOptions {
	readonly objects: Objects;
	readonly agents: Agents;
	readonly upgrades: Upgrades;
	readonly admission: Admission;
	/** Uniform in [0, 1): which endpoint of a service. */
	readonly random: () => number;
}

const CONNECT_TIMEOUT = 10_000;

export function proxy(options: ProxyOptions): Middleware {
	return async (ctx, next) => {
		const { request } = ctx.state;
		if (request.type !== "resource" || request.info.subresource !== "proxy") return next();
		const { group, version, resource, namespace, name = "", rest = "" } = request.info;
		if (group !== "" || version !== "v1") return next();
		const target = targetOf(options, resource, namespace, parseProxyName(resource, name));
		if (!target) return next();
		await admitConnect(ctx, options.admission);
		const path = `/${rest}${ctx.search}`;
		if (options.upgrades.wanted(ctx) !== undefined) return tunnel(ctx, options, target, path);
		// Relative links of a page are relative to the slash at its end.
		if (!rest && !ctx.path.endsWith("/") && (ctx.method === "GET" || ctx.method === "HEAD")) {
			ctx.status = 301;
			ctx.set("location", `${ctx.path}/${ctx.search}`);
			ctx.body = "";
			return;
		}
		const prefix = ctx.path.slice(0, ctx.path.length - rest.length).replace(/\/$/, "");
		await forward(ctx, options, target, { prefix, path });
	};
}

function targetOf(
	{ objects, random }: ProxyOptions,
	resource: string,
	namespace: string | undefined,
	name: ProxyName,
): ProxyTarget | undefined {
	const find = <T extends KubeObject>(kind: Kind<T>): T => {
		const found = objects.of<T>(kind).get(namespace ? `${namespace}/${name.name}` : name.name)?.object;
		if (!found) throw notFound({ resource }, name.name);
		return found;
	};
	if (resource === "nodes" && !namespace) return nodeTarget(find(Node), name);
	if (resource === "pods" && namespace) return podTarget(find(Pod), name);
	if (resource !== "services" || !namespace) return undefined;
	const service = find(Service);
	const endpoints = objects.of<Endpoints>(Endpoints).get(`${namespace}/${name.name}`)?.object;
	return serviceTarget(service, endpoints, name, random());
}

async function forward(
	ctx: Context,
	{ agents }: ProxyOptions,
	target: ProxyTarget,
	{ prefix, path }: { readonly prefix: string; readonly path: string },
): Promise<void> {
	const { signal } = ctx.state;
	const host = `${target.host}:${target.port}`;
	const headers = { ...requestHeaders(ctx), "x-forwarded-uri": `${prefix}${path.replace(/\?.*/s, "")}` };
	const answer = target.agent
		? await agents.ask(target.agent, { method: ctx.method, path, headers }, signal, ctx.req)
		: await ask(ctx, target, path, { ...headers, host });
	passAnswer(ctx, answer);
	await pump(ctx, throughPage(ctx, answer, { prefix, hosts: [host, ctx.host] }));
}

function ask(
	ctx: Context,
	target: ProxyTarget,
	path: string,
	headers: Readonly<Record<string, string | string[] | undefined>>,
): Promise<IncomingMessage> {
	const { host, port } = target;
	const send = target.scheme === "https" ? httpsRequest : httpRequest;
	return new Promise((resolve, reject) => {
		// As in Kubernetes: whom the far side is, nobody can say here, so its certificate is not checked.
		const sent = send(
			{ host, port, path, method: ctx.method, headers, signal: ctx.state.signal, rejectUnauthorized: false },
			resolve,
		);
		sent.setTimeout(CONNECT_TIMEOUT, () => {
			if (sent.socket?.connecting) sent.destroy(new Error("no answer in time"));
		});
		sent.on("error", (error) => reject(ctx.state.signal.aborted ? error : unreachable(target, error)));
		// Errors of either side come out as the request's.
		pipeline(ctx.req, sent).catch(() => {});
	});
}

async function tunnel(ctx: Context, options: ProxyOptions, target: ProxyTarget, path: string): Promise<void> {
	const { agents, upgrades } = options;
	const { host, port } = target;
	const { signal } = ctx.state;
	const far = target.agent ? await agents.connect(target.agent, signal) : await dial(target);
	const head = upgradeHead({
		method: ctx.method,
		path,
		host: `${host}:${port}`,
		rawHeaders: ctx.req.rawHeaders,
	});
	await joinStreams(upgrades.take(ctx), far, head, signal);
}

function dial(target: ProxyTarget): Promise<ReturnType<typeof connect>> {
	const { scheme, host, port } = target;
	return new Promise((resolve, reject) => {
		const isTls = scheme === "https";
		const socket = isTls ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
		socket.setTimeout(CONNECT_TIMEOUT, () => socket.destroy(new Error("no answer in time")));
		socket.once("error", (error) => reject(unreachable(target, error)));
		socket.once(isTls ? "secureConnect" : "connect", () => {
			socket.setTimeout(0);
			resolve(socket);
		});
	});
}

function unreachable({ host, port }: ProxyTarget, error: Error) {
	const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
	return serviceUnavailable(`error trying to reach service: ${host}:${port}: ${code}`);
}
