/** Requests for groups that other servers serve: passed on, with the user's name, once this server has authorized them. */
import { APIService, serviceUnavailable } from "@berth/api";
import { joinStreams, upgradeHead } from "../http/agent-road/tunnel.ts";
import type { Context, Middleware } from "../http/context.ts";
import { OutboundError } from "../http/outbound/outbound-error.ts";
import { passAnswer, requestHeaders } from "../http/proxy/passed-headers.ts";
import { pump } from "../http/pump.ts";
import type { Upgrades } from "../http/upgrade.ts";
import type { Objects } from "../store/objects.ts";
import { isAvailable } from "./availability.ts";
import { type ExtensionServers, identityHeaders } from "./extension-servers.ts";

export interface AggregatedRoadOptions {
	readonly objects: Objects;
	readonly servers: ExtensionServers;
	readonly upgrades: Upgrades;
	/** Aborts when the server begins to stop. */
	readonly stopping: AbortSignal;
}

export function aggregatedRoad(options: AggregatedRoadOptions): Middleware {
	const services = options.objects.of<APIService>(APIService);
	return async (ctx, next) => {
		const name = serviceName(ctx);
		const service = name === undefined ? undefined : services.get(name)?.object;
		if (!service?.spec.service) return next();
		if (!isAvailable(service)) {
			ctx.status = 503;
			ctx.set("Content-Type", "text/plain; charset=utf-8");
			ctx.body = "service unavailable\n";
			return;
		}
		try {
			if (options.upgrades.wanted(ctx) === undefined) await forward(ctx, options, service);
			else await tunnel(ctx, options, service);
		} catch (error) {
			if (!(error instanceof OutboundError)) throw error;
			throw serviceUnavailable(`error trying to reach service: ${error.message}`);
		}
	};
}

/** `v1.apps` for `/apis/apps/v1` and everything below it, and for its OpenAPI document. */
function serviceName(ctx: Context): string | undefined {
	const { request } = ctx.state;
	if (request.type === "resource") {
		const { group, version } = request.info;
		return group ? `${version}.${group}` : undefined;
	}
	const [root, group, version, ...rest] = request.path
		.replace(/^\/openapi\/v3/, "")
		.slice(1)
		.split("/");
	return root === "apis" && group && version && !rest.length ? `${version}.${group}` : undefined;
}

const X_REMOTE = /^x-(?:remote|forwarded)-/;

function headersFor(ctx: Context): Record<string, string | string[] | undefined> {
	const passed = Object.entries(requestHeaders(ctx)).filter(([name]) => !X_REMOTE.test(name));
	return {
		...Object.fromEntries(passed),
		...identityHeaders(ctx.state.user),
		"x-forwarded-host": ctx.host,
		"x-forwarded-uri": ctx.path,
	};
}

async function forward(ctx: Context, { servers }: AggregatedRoadOptions, service: APIService): Promise<void> {
	const { method, url, req, state } = ctx;
	const asked = { method, path: url, headers: headersFor(ctx), body: req };
	const answer = await servers.ask(service, asked, state.signal);
	passAnswer(ctx, answer);
	await pump(ctx, answer);
}

/** Streams last as long as both sides want them to, whatever time other requests have. */
async function tunnel(ctx: Context, options: AggregatedRoadOptions, service: APIService): Promise<void> {
	const { servers, upgrades, stopping } = options;
	const far = await servers.connect(service, ctx.state.signal);
	const own = Object.entries(identityHeaders(ctx.state.user)).flatMap(([name, values]) =>
		[values].flat().flatMap((value) => [name, value]),
	);
	const { namespace = "", name = "" } = service.spec.service ?? {};
	const head = upgradeHead({
		method: ctx.method,
		path: ctx.url,
		host: `${name}.${namespace}.svc`,
		rawHeaders: ctx.req.rawHeaders,
		identity: own,
	});
	await joinStreams(upgrades.take(ctx), far, head, stopping);
}
