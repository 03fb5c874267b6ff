import type { IncomingMessage } from "node:http";
import type { SubjectAccessReview, TokenReview } from "@berth/api";
import type { Client } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createCallers, subresourcesOf } from "./callers.ts";

function setUp() {
	const clock = createFakeClock();
	const asked: string[] = [];
	const client = {
		create: async (kind: { kind: string }, object: unknown) => {
			if (kind.kind === "TokenReview") {
				const { token } = (object as TokenReview).spec;
				asked.push(`token ${token}`);
				const user = { username: "prometheus", groups: ["system:authenticated"] };
				return { status: token === "good" ? { authenticated: true, user } : { authenticated: false } };
			}
			const { user, resourceAttributes: what } = (object as SubjectAccessReview).spec;
			asked.push(`${user} ${what?.verb} ${what?.resource}/${what?.subresource} ${what?.name}`);
			return { status: { allowed: what?.subresource === "metrics" } };
		},
	} as unknown as Client;
	const callers = createCallers({ client, nodeName: "one", clock });
	const ask = (url: string, how: { token?: string; subject?: object; method?: string }) =>
		callers.refusal({
			url,
			method: how.method ?? "GET",
			headers: how.token ? { authorization: `Bearer ${how.token}` } : {},
			socket: { authorized: how.subject !== undefined, getPeerCertificate: () => ({ subject: how.subject }) },
		} as unknown as IncomingMessage);
	return { clock, asked, ask };
}

test("a certificate of the masters' group opens everything, and nobody is asked", async (t) => {
	const { ask, asked } = setUp();
	t.is(
		await ask("/exec/a/b/c", { subject: { CN: "apiserver", O: "system:masters" }, method: "POST" }),
		undefined,
	);
	t.deepEqual(asked, []);
});

test("without credentials, or with bad ones, nobody gets in", async (t) => {
	const { ask } = setUp();
	t.deepEqual(await ask("/metrics", {}), { code: 401, message: "Unauthorized" });
	t.like(await ask("/metrics", { token: "bad" }), { code: 401 });
});

test("what a token's owner may is asked of the API server, and remembered for a while", async (t) => {
	const { ask, asked, clock } = setUp();
	t.is(await ask("/metrics/cadvisor", { token: "good" }), undefined);
	t.is(await ask("/metrics/resource", { token: "good" }), undefined);
	t.deepEqual(asked, ["token good", "prometheus get nodes/metrics one"]);
	t.like(await ask("/pods", { token: "good" }), { code: 403 });
	t.deepEqual(asked.slice(2), ["prometheus get nodes/pods one", "prometheus get nodes/proxy one"]);
	await clock.advance(121_000);
	await ask("/metrics", { token: "good" });
	t.deepEqual(asked.slice(4), ["token good"]);
});

test("other certificates are somebody too", async (t) => {
	const { ask } = setUp();
	const refusal = await ask("/run/a", { subject: { CN: "jane", O: ["dev"] }, method: "POST" });
	t.deepEqual(refusal, {
		code: 403,
		message: "Forbidden (user=jane, verb=create, resource=nodes, subresource(s)=[proxy])",
	});
	t.is(await ask("/metrics", { subject: { CN: "jane" } }), undefined);
});

test("paths and what opens them", (t) => {
	t.deepEqual(subresourcesOf("/stats/summary"), ["stats"]);
	t.deepEqual(subresourcesOf("/healthz"), ["healthz", "proxy"]);
	t.deepEqual(subresourcesOf("/constructor"), ["proxy"]);
	t.deepEqual(subresourcesOf("/containerLogs/a/b/c"), ["proxy"]);
});
