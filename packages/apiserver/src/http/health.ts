/** /livez, /readyz and /healthz in the form load balancers and `kubectl get --raw='/readyz?verbose'` know. */
import { type Logger, noSuchResource } from "@berth/api";
import type { Context, Middleware } from "./context.ts";
import { isTrue } from "./request-info.ts";

export interface HealthCheck {
	readonly name: string;
	/** Throws, or rejects, when this part does not work; the reason is logged and kept from the caller. */
	readonly check: () => Promise<void> | void;
}

export interface HealthEndpoint {
	/** `livez`, `readyz`, `healthz`. */
	readonly name: string;
	readonly checks: readonly HealthCheck[];
}

/** Answers `/NAME` and `/NAME/CHECK`; every other path goes on. */
export function health(endpoints: readonly HealthEndpoint[], log: Logger): Middleware {
	return async (ctx, next) => {
		const [, name, checkName, ...rest] = ctx.path.split("/");
		const endpoint = endpoints.find((candidate) => candidate.name === name);
		if (!endpoint || rest.length || (ctx.method !== "GET" && ctx.method !== "HEAD")) return next();
		const { query } = ctx.state.request;
		const excluded = new Set(query.getAll("exclude"));
		const checks = endpoint.checks.filter((check) =>
			checkName === undefined ? !excluded.has(check.name) : check.name === checkName,
		);
		if (checkName !== undefined && !checks.length) throw noSuchResource();
		const results = await Promise.all(checks.map((check) => run(check, endpoint.name, log)));
		const label = checkName === undefined ? endpoint.name : `${endpoint.name}/${checkName}`;
		answer(
			ctx,
			label,
			results,
			checkName === undefined && query.has("verbose") && isTrue(query.get("verbose")),
		);
	};
}

interface Result {
	readonly name: string;
	readonly ok: boolean;
}

async function run({ name, check }: HealthCheck, endpoint: string, log: Logger): Promise<Result> {
	try {
		await check();
		return { name, ok: true };
	} catch (error) {
		log.warn({ check: name, endpoint, err: error }, "health check failed");
		return { name, ok: false };
	}
}

function answer(ctx: Context, label: string, results: readonly Result[], verbose: boolean): void {
	const ok = results.every((result) => result.ok);
	const lines = results.map(({ name, ok }) => (ok ? `[+]${name} ok` : `[-]${name} failed: reason withheld`));
	ctx.status = ok ? 200 : 500;
	ctx.set("Content-Type", "text/plain; charset=utf-8");
	ctx.set("X-Content-Type-Options", "nosniff");
	ctx.set("Cache-Control", "no-cache, private");
	if (!ok) ctx.body = `${[...lines, `${label} check failed`].join("\n")}\n`;
	else ctx.body = verbose ? `${[...lines, `${label} check passed`].join("\n")}\n` : "ok";
}
