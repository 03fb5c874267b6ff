/**
 * The floor of an API server in this runtime: koa over TLS that parses, stamps, stores durably in lmdb and answers. No
 * authorization, validation, defaults, cache or watch. Prints its port when it listens; run by api.ts.
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import Koa from "koa";
import { open } from "lmdb";

const [certificateFile = "", keyFile = ""] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "berth-floor-"));
const database = open<Buffer, string>({ path: join(directory, "store.mdb"), encoding: "binary" });
let revision = 1;

const app = new Koa();
app.use(async (context) => {
	if (context.method === "POST") {
		const chunks: Buffer[] = [];
		for await (const chunk of context.req) chunks.push(chunk);
		const object = JSON.parse(Buffer.concat(chunks).toString());
		revision += 1;
		object.metadata.resourceVersion = String(revision);
		object.metadata.uid = crypto.randomUUID();
		const bytes = Buffer.from(JSON.stringify(object));
		database.put(`${context.path}/${object.metadata.name}`, bytes);
		await database.flushed;
		context.status = 201;
		context.type = "application/json";
		context.body = bytes;
		return;
	}
	context.type = "application/json";
	const one = database.get(context.path);
	if (one) context.body = one;
	else {
		const parts = [...database.getRange({ start: `${context.path}/`, end: `${context.path}0` })].map(
			({ value }) => value,
		);
		context.body = Buffer.concat([
			Buffer.from('{"items":['),
			...parts.flatMap((part) => [part, COMMA]),
			Buffer.from("null]}"),
		]);
	}
});
const COMMA = Buffer.from(",");

const server = createSecureServer(
	{ allowHTTP1: true, cert: readFileSync(certificateFile), key: readFileSync(keyFile) },
	app.callback(),
);
server.listen(0, "127.0.0.1", () => {
	const address = server.address();
	if (address !== null && typeof address !== "string") console.log(address.port);
});
process.on("SIGTERM", () => {
	rmSync(directory, { recursive: true, force: true });
	process.exit(0);
});
