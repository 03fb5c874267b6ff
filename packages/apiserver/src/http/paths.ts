/** Everything that is no resource: discovery, OpenAPI, version, health's siblings. Behind it only resources are left. */

import { noSuchResource } from "@berth/api";
import Router from "@koa/router";
import type { JWK } from "jose";
import { ISSUER } from "../pki/signing-key.ts";
import type { Context, Middleware, State } from "./context.ts";
import type { Discovery } from "./discovery-routes.ts";
import type { Metrics } from "./metrics.ts";
import type { OpenApi } from "./openapi.ts";
import { versionInfo } from "./version.ts";

export interface PathOptions {
	readonly discovery: Discovery;
	readonly openApi: OpenApi;
	readonly metrics: Metrics;
	/** The key with which pods' tokens can be checked elsewhere. */
	readonly jwk: JWK;
}

export function paths({ discovery, openApi, metrics, jwk }: PathOptions): Middleware {
	const router = new Router<State>({ sensitive: true, strict: true });
	router.get("/", (ctx) => {
		ctx.body = { paths: rootPaths(router) };
	});
	router.get("/version", (ctx) => json(ctx, versionInfo()));
	router.get("/api", (ctx) => discovery.coreVersions(ctx));
	router.get("/apis", (ctx) => discovery.groups(ctx));
	router.get("/api/:version", (ctx) => discovery.resources(ctx, "", ctx.params.version ?? ""));
	router.get("/apis/:group", (ctx) => discovery.group(ctx, ctx.params.group ?? ""));
	router.get("/apis/:group/:version", (ctx) =>
		discovery.resources(ctx, ctx.params.group ?? "", ctx.params.version ?? ""),
	);
	router.get("/openapi/v2", (ctx) => openApi.v2(ctx));
	router.get("/openapi/v3", (ctx) => openApi.index(ctx));
	router.get("/openapi/v3/api/:version", (ctx) => openApi.v3(ctx, `api/${ctx.params.version}`));
	router.get("/openapi/v3/apis/:group/:version", (ctx) =>
		openApi.v3(ctx, `apis/${ctx.params.group}/${ctx.params.version}`),
	);
	router.get("/metrics", async (ctx) => {
		const { type, text } = await metrics.render();
		ctx.set("Content-Type", type);
		ctx.body = text;
	});
	router.get("/openid/v1/jwks", (ctx) => json(ctx, { keys: [jwk] }));
	router.get("/.well-known/openid-configuration", (ctx) =>
		json(ctx, {
			issuer: ISSUER,
			jwks_uri: `${ISSUER}/openid/v1/jwks`,
			response_types_supported: ["id_token"],
			subject_types_supported: ["public"],
			id_token_signing_alg_values_supported: ["ES256"],
		}),
	);
	const routes = router.routes();
	return async (ctx, next) => {
		const { request } = ctx.state;
		if (request.type === "resource") return next();
		// The path that authorization has seen, not the raw one.
		Object.assign(ctx, { newRouterPath: request.path });
		return routes(ctx as Parameters<typeof routes>[0], async () => {
			throw noSuchResource();
		});
	};
}

function json(ctx: Context, value: object): void {
	ctx.set("Content-Type", "application/json");
	ctx.body = JSON.stringify(value, null, 2);
}

/** What `kubectl get --raw /` shows. */
const rootPaths = (router: Router<State>): string[] =>
	[
		...router.stack.map((layer) => String(layer.path)).filter((path) => !path.includes(":")),
		"/livez",
		"/readyz",
		"/healthz",
	].sort();
