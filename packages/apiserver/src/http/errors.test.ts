import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Logger, notFound, silentLogger, tooManyRequests } from "@berth/api";
import test from "ava";
import Koa from "koa";
import type { Middleware, State } from "./context.ts";
import { createEncodings } from "./encodings.ts";
import { answerErrors } from "./errors.ts";

/** Runs one request through the border and what is behind it. */
async function ask(behind: Middleware) {
	const logged: { fields: object; message: string }[] = [];
	const log: Logger = { ...silentLogger, error: (fields, message) => void logged.push({ fields, message }) };
	const app = new Koa<State>();
	app.use((ctx, next) => {
		ctx.state.auditId = "audit-1";
		ctx.state.signal = new AbortController().signal;
		return next();
	});
	app.use(answerErrors(log, createEncodings()));
	app.use(behind);
	app.on("error", () => {});
	const server = createServer(app.callback());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	try {
		const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
		const text = await reply.text().catch((error: Error) => `broken: ${error.name}`);
		return { code: reply.status, headers: reply.headers, text, logged };
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

test("a StatusError says its Status", async (t) => {
	const { code, text, headers, logged } = await ask(() => {
		throw notFound({ resource: "pods" }, "web");
	});
	t.is(code, 404);
	t.is(headers.get("content-type"), "application/json");
	t.like(JSON.parse(text), { kind: "Status", reason: "NotFound", message: 'pods "web" not found' });
	t.deepEqual(logged, []);
});

test("Retry-After is a header as well", async (t) => {
	const { headers } = await ask(() => {
		throw tooManyRequests("later", 7);
	});
	t.is(headers.get("retry-after"), "7");
});

test("a bug is logged with its stack and answered without it", async (t) => {
	const { code, text, logged } = await ask(() => {
		throw new TypeError("the secret detail");
	});
	t.is(code, 500);
	t.like(JSON.parse(text), { reason: "InternalError", code: 500 });
	t.false(text.includes("secret"));
	t.regex(text, /audit-1/);
	t.is(logged.length, 1);
	t.like(logged[0]?.fields, { auditId: "audit-1", err: { message: "the secret detail" } });
});

test("an answer under way is cut, not continued with an error", async (t) => {
	const { code, text, logged } = await ask(async (ctx) => {
		ctx.respond = false;
		ctx.status = 200;
		ctx.res.write("half");
		await new Promise((resolve) => setTimeout(resolve, 10));
		throw new Error("broke");
	});
	t.is(code, 200);
	t.regex(text, /^broken/);
	t.is(logged.length, 1);
});
