/** The API server's front door. `requestChain` is the way of every request, top to bottom. */
import { randomUUID } from "node:crypto";
import type { Clock, Logger } from "@berth/api";
import Koa from "koa";
import { type AggregatedRoadOptions, aggregatedRoad } from "./aggregation/aggregated-road.ts";
import type { Authorizer } from "./auth/auth.ts";
import type { Authenticator } from "./auth/authenticate.ts";
import { impersonate } from "./auth/impersonate.ts";
import { attributesOf, requireAllowed } from "./auth/require-allowed.ts";
import { type AgentRoadOptions, agentRoad } from "./http/agent-road/agent-road.ts";
import type { Middleware, State } from "./http/context.ts";
import { answerErrors } from "./http/errors.ts";
import { type HealthEndpoint, health } from "./http/health.ts";
import { DEFAULT_LIMITS, limitInFlight, limitTime } from "./http/limits.ts";
import { type PathOptions, paths } from "./http/paths.ts";
import { type ProxyOptions, proxy } from "./http/proxy/proxy.ts";
import { requestInfo } from "./http/request-info.ts";
import { type ResourceOptions, resources } from "./http/resources.ts";

export interface ChainOptions
	extends PathOptions,
		AggregatedRoadOptions,
		AgentRoadOptions,
		ProxyOptions,
		ResourceOptions {
	readonly authenticator: Authenticator;
	readonly healthEndpoints: readonly HealthEndpoint[];
	/** Aborts when the server begins to stop. */
	readonly stopping: AbortSignal;
	readonly clock: Clock;
	readonly log: Logger;
}

export function requestChain(options: ChainOptions): Koa<State> {
	const { authenticator, authorizer, encodings, metrics, healthEndpoints, stopping, clock, log } = options;
	const chain: readonly Middleware[] = [
		nameRequest,
		answerErrors(log, encodings),
		readRequest,
		metrics.measure,
		authenticate(authenticator, authorizer),
		limitTime(clock, stopping),
		limitInFlight(DEFAULT_LIMITS),
		authorize(authorizer),
		health(healthEndpoints, log),
		aggregatedRoad(options),
		paths(options),
		agentRoad(options),
		proxy(options),
		resources(options),
	];
	const app = new Koa<State>();
	for (const middleware of chain) app.use(middleware);
	app.on("error", (error: unknown) => log.debug({ err: error }, "an answer could not be sent"));
	return app;
}

/** A client may bring its own name for a request, so that its log and ours can be laid side by side. */
const nameRequest: Middleware = (ctx, next) => {
	const given = ctx.get("audit-id");
	ctx.state.auditId = /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
	ctx.set("Audit-Id", ctx.state.auditId);
	return next();
};

const readRequest: Middleware = (ctx, next) => {
	ctx.state.request = requestInfo(ctx.method, ctx.url);
	return next();
};

const authenticate =
	(authenticator: Authenticator, authorizer: Authorizer): Middleware =>
	async (ctx, next) => {
		const { request } = ctx.state;
		const user = await authenticator.authenticate(ctx.req, request.type === "path" ? request.path : "");
		ctx.state.user = impersonate(authorizer, user, ctx.req.rawHeaders);
		return next();
	};

const authorize =
	(authorizer: Authorizer): Middleware =>
	(ctx, next) => {
		requireAllowed(authorizer, ctx.state.user, attributesOf(ctx.state.request));
		return next();
	};
