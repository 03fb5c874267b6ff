import test from "ava";
import { startTestServer } from "../http/testing/test-server.ts";
import { DEFINITIONS, WIDGETS, widget, widgetDefinition } from "./testing/definitions.ts";
import { establish } from "./testing/established.ts";

/** A schema `depth` deep, of objects in objects. */
const deep = (depth: number): object =>
	depth === 0 ? { type: "string" } : { type: "object", properties: { a: deep(depth - 1) } };

/** About as large as the largest that operators publish. */
const large = () => {
	const leaf = (i: number) => ({
		type: "string",
		description: `Field number ${i} of many, with a sentence to it that says a little more than nothing.`,
		pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
		maxLength: 253,
	});
	const group = (j: number) => ({
		type: "object",
		properties: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`field${i}`, leaf(i + j)])),
	});
	return {
		type: "object",
		properties: Object.fromEntries(Array.from({ length: 55 }, (_, j) => [`group${j}`, group(j)])),
	};
};

test("a definition of half a megabyte is taken and served", async (t) => {
	await using server = await startTestServer();
	const definition = widgetDefinition(large());
	t.true(JSON.stringify(definition).length > 500_000);
	const start = performance.now();
	await establish(server, definition);
	t.log(`established after ${Math.round(performance.now() - start)} ms`);
	const made = await server.ask("POST", WIDGETS, { body: widget("a", { group0: { field0: "x" } }) });
	t.is(made.code, 201);
	const document = await server.ask("GET", "/openapi/v3/apis/example.com/v1");
	t.true(document.text.includes("Field number 49"));
});

test("schemas and objects that would take for ever are refused or judged in time", async (t) => {
	await using server = await startTestServer();
	const create = async (schema: object) =>
		(await server.ask("POST", `${DEFINITIONS}?dryRun=All`, { body: widgetDefinition(schema) })).json;
	t.regex((await create(deep(110))).message, /must not be nested deeper than 100 levels/);
	t.is((await create(deep(60))).kind, "CustomResourceDefinition");
	t.is((await create(deep(300))).code, 400);
	const regex = (pattern: string) =>
		create({ type: "object", properties: { a: { type: "string", pattern } } });
	t.regex((await regex("(a{1,1000}){1,1000}")).message, /must be a valid regular expression/);
	t.regex((await regex("(?<=a)b")).message, /must be a valid regular expression/);
	t.regex((await regex("a".repeat(20_000))).message, /expression too large/);
	const rule = (maxItems?: number) =>
		create({
			type: "object",
			properties: {
				a: {
					type: "array",
					items: { type: "integer" },
					...(maxItems ? { maxItems } : {}),
					"x-kubernetes-validations": [{ rule: "self.all(x, self.all(y, self.all(z, x + y + z >= 0)))" }],
				},
			},
		});
	t.regex((await rule()).message, /estimated rule cost exceeds budget by factor of more than 100x/);
	t.is((await rule(50)).kind, "CustomResourceDefinition");
	await establish(
		server,
		widgetDefinition({
			type: "object",
			properties: {
				slow: { type: "string", pattern: "^(a+)+$" },
				many: {
					type: "array",
					items: { type: "integer", enum: Array.from({ length: 20_000 }, (_, i) => i) },
				},
			},
		}),
	);
	const post = async (spec: object) => (await server.ask("POST", WIDGETS, { body: widget("a", spec) })).json;
	t.regex((await post({ slow: `${"a".repeat(50_000)}b` })).message, /should match/);
	t.regex((await post({ many: Array.from({ length: 50_000 }, () => 19_999) })).message, /too much to check/);
});

test("names that mean something to JavaScript mean nothing here", async (t) => {
	await using server = await startTestServer();
	const raw = JSON.stringify(
		widgetDefinition({
			type: "object",
			properties: {
				constructor: { type: "string", default: "x" },
				toString: { type: "integer" },
				PROTO: { type: "object", default: {}, properties: { polluted: { type: "string", default: "yes" } } },
			},
		}),
	).replace("PROTO", "__proto__");
	await server.ask("POST", DEFINITIONS, { body: raw, headers: { "content-type": "application/json" } });
	const body = JSON.stringify(widget("a", { toString: 1, PROTO: { polluted: "yes" } })).replace(
		"PROTO",
		"__proto__",
	);
	let code = 404;
	let reply = { json: {} as { spec?: object } };
	while (code === 404) {
		const answer = await server.ask("POST", WIDGETS, {
			body,
			headers: { "content-type": "application/json" },
		});
		code = answer.code;
		reply = answer;
	}
	t.is(code, 201);
	t.deepEqual(Object.entries(reply.json.spec ?? {}), [
		["toString", 1],
		["constructor", "x"],
	]);
	t.is(({} as Record<string, unknown>).polluted, undefined);
});
