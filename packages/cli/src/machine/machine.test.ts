import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import test from "ava";
import { Failure } from "../failure.ts";
import { portFailure, requireCniPlugins, requireDocker, requirePrograms } from "./machine.ts";

test("a taken port is named, with the way out", async (t) => {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const second = createServer().listen(port, "127.0.0.1");
	const [error] = await once(second, "error").catch((thrown) => [thrown]);
	const failure = portFailure(error, { address: "127.0.0.1", port, flag: "--port" }) as Failure;
	t.true(failure instanceof Failure);
	t.is(failure.message, `port ${port} on 127.0.0.1 is taken by another program`);
	t.regex(failure.advice ?? "", /--port/);
	server.close();
});

test("errors that are not about ports stay as they are", (t) => {
	const error = new Error("disk full");
	t.is(portFailure(error, { address: "::", port: 1, flag: "--port" }), error);
	t.is(portFailure("text", { address: "::", port: 1, flag: "--port" }), "text");
});

test("missing programs are named together with the packages that have them", async (t) => {
	const failure = await t.throwsAsync<Failure>(requirePrograms(["sh", "no-such-program", "no-other"]));
	t.is(failure?.message, "not on this machine: no-such-program, no-other");
	t.is(failure?.advice, "apt-get install no-such-program no-other");
});

test("missing CNI plugins and a missing Docker say what to do", async (t) => {
	const plugins = t.throws<Failure>(() => requireCniPlugins(["/nowhere"]), { instanceOf: Failure });
	t.regex(plugins?.advice ?? "", /containernetworking-plugins/);
	const docker = await t.throwsAsync<Failure>(requireDocker("/nowhere/docker.sock"), { instanceOf: Failure });
	t.regex(docker?.message ?? "", /no Docker Engine here/);
});
