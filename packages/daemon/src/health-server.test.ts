import test from "ava";
import { type Check, healthServer } from "./health-server.ts";
import { createMetrics } from "./metrics.ts";

const start = async (t: { teardown(run: () => Promise<void>): void }, checks: readonly Check[]) => {
	const server = await healthServer({ port: 0, address: "127.0.0.1", checks, metrics: createMetrics() });
	t.teardown(server.close);
	return async (path: string, init?: RequestInit) => {
		const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
		return { code: response.status, text: await response.text(), type: response.headers.get("content-type") };
	};
};

const failing: Check = {
	name: "informers",
	run: () => {
		throw new Error("pods are not synced");
	},
};

test("healthy: ok, or every check when asked for", async (t) => {
	const get = await start(t, [{ name: "loop", live: true, run: () => {} }]);
	t.like(await get("/healthz"), { code: 200, text: "ok" });
	t.like(await get("/readyz?verbose"), { code: 200, text: "[+]loop ok\nreadyz check passed\n" });
	t.like(await get("/livez/loop"), { code: 200, text: "ok" });
});

test("not ready is not the same as dead, and says why", async (t) => {
	const get = await start(t, [{ name: "loop", live: true, run: () => {} }, failing]);
	t.is((await get("/livez")).code, 200);
	t.like(await get("/readyz"), {
		code: 500,
		text: "[+]loop ok\n[-]informers failed: pods are not synced\nreadyz check failed\n",
	});
	t.is((await get("/readyz/informers")).code, 500);
});

test("metrics, and nothing else", async (t) => {
	const get = await start(t, []);
	const metrics = await get("/metrics");
	t.is(metrics.code, 200);
	t.regex(metrics.type ?? "", /^text\/plain/);
	for (const path of ["/", "/healthz/none", "/healthz/a/b", "//"]) t.is((await get(path)).code, 404);
	t.is((await get("/healthz", { method: "POST" })).code, 405);
});

test("a port that is taken is an error, not a crash", async (t) => {
	const first = await healthServer({ port: 0, address: "127.0.0.1", checks: [] });
	t.teardown(first.close);
	const error = await t.throwsAsync(healthServer({ port: first.port, address: "127.0.0.1", checks: [] }));
	t.regex(error.message, /EADDRINUSE/);
});
