/** An engine that takes connections and never answers. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { createDockerRuntime } from "./docker.ts";
import { ALL_RIGHTS } from "./host-rights.ts";
import { isRuntimeError } from "./runtime.ts";

test("an engine that hangs is unreachable, after a while", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "berth-hung-"));
	const socket = join(directory, "docker.sock");
	const server = createServer((connection) => connection.on("error", () => {}).resume());
	await new Promise<void>((resolve) => server.listen(socket, () => resolve()));
	const runtime = createDockerRuntime({ socket, rights: ALL_RIGHTS, patience: { call: 40, ping: 20 } });
	const calls = {
		ping: runtime.ping(),
		info: runtime.info(),
		list: runtime.list({}),
		inspect: runtime.inspect("c"),
		start: runtime.start("c"),
		signal: runtime.signal("c", "SIGTERM"),
		remove: runtime.remove("c"),
		image: runtime.image("app:1"),
	};
	for (const [name, call] of Object.entries(calls)) {
		const error = await t.throwsAsync(call);
		t.true(isRuntimeError(error, "unreachable"), `${name}: ${error}`);
	}
	await runtime.close();
	server.close();
	await rm(directory, { recursive: true });
});
