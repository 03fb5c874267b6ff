/** Requests for the insides of pods: logs, exec, attach and port-forward go on to the agent of the pod's node. */
import type { IncomingMessage } from "node:http";
import {
	badRequest,
	methodNotAllowed,
	Node,
	notFound,
	Pod,
	type Status,
	StatusError,
	serviceUnavailable,
} from "@berth/api";
import type { Admission } from "../../admission/admission.ts";
import type { Authorizer } from "../../auth/auth.ts";
import { attributesOf, requireAllowed } from "../../auth/require-allowed.ts";
import type { Objects } from "../../store/objects.ts";
import { admitConnect } from "../connect-admission.ts";
import type { Context, Middleware } from "../context.ts";
import { pump } from "../pump.ts";
import { isTrue } from "../request-info.ts";
import type { Upgrades } from "../upgrade.ts";
import { acceptWebSocket, DONE, sendMessage } from "../web-socket.ts";
import type { Agents } from "./agents.ts";
import { type AgentAddress, agentAddress, agentPath, containerOf, waitingReason } from "./locate.ts";
import { logQuery } from "./log-options.ts";
import { portForwardQuery, streamQuery } from "./stream-query.ts";
import { joinStreams, upgradeHead } from "./tunnel.ts";

export interface AgentRoadOptions {
	readonly objects: Objects;
	readonly agents: Agents;
	readonly authorizer: Authorizer;
	readonly upgrades: Upgrades;
	readonly admission: Admission;
}

/** Error bodies of agents are short; more than this is not theirs. */
const MAX_ERROR = 16 * 1024;

export function agentRoad(options: AgentRoadOptions): Middleware {
	return async (ctx, next) => {
		const { request } = ctx.state;
		if (request.type !== "resource") return next();
		const { group, version, resource, subresource, namespace, name } = request.info;
		if (group !== "" || version !== "v1" || resource !== "pods" || !namespace || !name) return next();
		switch (subresource) {
			case "log":
				return log(ctx, options, podNamed(options.objects, namespace, name));
			case "exec":
			case "attach":
			case "portforward":
				return stream(ctx, options, subresource, podNamed(options.objects, namespace, name));
			default:
				return next();
		}
	};
}

function podNamed(objects: Objects, namespace: string, name: string): Pod {
	const pod = objects.of<Pod>(Pod).get(`${namespace}/${name}`)?.object;
	if (!pod) throw notFound({ resource: "pods" }, name);
	return pod;
}

/** Undefined for a pod that no node runs yet. */
function agentOf(objects: Objects, pod: Pod): AgentAddress | undefined {
	const { nodeName } = pod.spec;
	if (!nodeName) return undefined;
	const node = objects.of<Node>(Node).get(nodeName)?.object;
	if (!node) throw notFound({ resource: "nodes" }, nodeName);
	return agentAddress(node);
}

async function log(ctx: Context, { objects, agents, upgrades }: AgentRoadOptions, pod: Pod): Promise<void> {
	if (ctx.method !== "GET") throw methodNotAllowed({ resource: "pods/log" }, ctx.method.toLowerCase());
	const { namespace = "", name } = pod.metadata;
	const { query } = ctx.state.request;
	const agentQuery = logQuery(name, query);
	const container = containerOf(pod, query.get("container"));
	const agent = agentOf(objects, pod);
	ctx.status = 200;
	ctx.set("Content-Type", "text/plain");
	ctx.set("Cache-Control", "no-cache, private");
	if (!agent) {
		ctx.body = "";
		return;
	}
	const path = `${agentPath("containerLogs", namespace, name, container)}?${agentQuery}`;
	const answer = await agents.ask(agent, { method: "GET", path }, ctx.state.signal);
	const { statusCode = 502 } = answer;
	if (statusCode !== 200) {
		const error = await agentError(answer, statusCode);
		// The pod's status knows better than an agent that has no container yet.
		const waiting = statusCode < 500 && !isTrue(query.get("previous")) && waitingReason(pod, container);
		throw waiting ? badRequest(waiting) : error;
	}
	if (upgrades.wanted(ctx) === "websocket") await sendLog(ctx, upgrades, answer);
	else await pump(ctx, answer);
}

/** Bytes as they come, or as base64 text for clients whose messages must be text. */
async function sendLog(ctx: Context, upgrades: Upgrades, source: IncomingMessage): Promise<void> {
	const socket = await acceptWebSocket(ctx, upgrades);
	socket.on("close", () => source.destroy());
	const asText = socket.protocol === "base64.binary.k8s.io";
	for await (const chunk of source) {
		await sendMessage(socket, asText ? Buffer.from(chunk.toString("base64")) : chunk, !asText);
	}
	socket.close(DONE);
}

async function stream(
	ctx: Context,
	{ objects, agents, authorizer, upgrades, admission }: AgentRoadOptions,
	subresource: "exec" | "attach" | "portforward",
	pod: Pod,
): Promise<void> {
	const { request, user, signal } = ctx.state;
	if (ctx.method !== "GET" && ctx.method !== "POST") {
		throw methodNotAllowed({ resource: `pods/${subresource}` }, ctx.method.toLowerCase());
	}
	// WebSockets are always GET: reading alone must not be enough to run things.
	requireAllowed(authorizer, user, { ...attributesOf(request), verb: "create" });
	await admitConnect(ctx, admission);
	const { namespace = "", name } = pod.metadata;
	const { query } = request;
	const [path, agentQuery] =
		subresource === "portforward"
			? [agentPath("portForward", namespace, name), portForwardQuery(query)]
			: [
					agentPath(subresource, namespace, name, containerOf(pod, query.get("container"))),
					streamQuery(subresource, query),
				];
	if (upgrades.wanted(ctx) === undefined) throw badRequest("Upgrade request required");
	const agent = agentOf(objects, pod);
	if (!agent) throw badRequest(`pod ${name} does not have a host assigned`);
	const connection = await agents.connect(agent, signal);
	const head = upgradeHead({
		method: ctx.method,
		path: `${path}?${agentQuery}`,
		host: `${agent.host}:${agent.port}`,
		rawHeaders: ctx.req.rawHeaders,
	});
	await joinStreams(upgrades.take(ctx), connection, head, signal);
}

/** What an agent says of a request it refuses, as an error of this API. */
async function agentError(answer: AsyncIterable<Buffer>, code: number): Promise<StatusError> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of answer) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > MAX_ERROR) break;
	}
	const text = Buffer.concat(chunks).toString("utf8", 0, MAX_ERROR).trim();
	const status = statusIn(text);
	if (status) return new StatusError(status);
	if (code >= 500) return serviceUnavailable(`the agent answered ${code}: ${text}`);
	return code === 404
		? new StatusError({ ...badRequest(text).status, code, reason: "NotFound" })
		: badRequest(text);
}

function statusIn(text: string): Status | undefined {
	try {
		const value: unknown = JSON.parse(text);
		const isStatus =
			typeof value === "object" && value !== null && "kind" in value && value.kind === "Status";
		return isStatus && "code" in value && typeof value.code === "number" ? (value as Status) : undefined;
	} catch {
		return undefined;
	}
}
