import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { silentLogger } from "@berth/api";
import test from "ava";
import { WebSocket } from "ws";
import { kubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { ContainerProcess, Containers } from "./containers.ts";
import { createUpgrades } from "./upgrades.ts";

test("a stream that nothing goes through ends, and its command with it", async (t) => {
	const closed = Promise.withResolvers<void>();
	const stdout = new PassThrough();
	const process: ContainerProcess = {
		stdin: new PassThrough(),
		stdout,
		resize: async () => {},
		exit: closed.promise.then(() => 137),
		close: () => {
			stdout.end();
			closed.resolve();
		},
	};
	const containers: Pick<Containers, "ready" | "exec"> = { ready: async () => {}, exec: async () => process };
	const upgrade = createUpgrades({
		containers: containers as Containers,
		configuration: { ...kubeletConfiguration(), streamingConnectionIdleTimeout: "100ms" },
		log: silentLogger,
	});
	const server = createServer().on("upgrade", upgrade).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	const path = "exec/default/p/c?command=sh&input=1&output=1";
	const socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, "v5.channel.k8s.io");
	let received = "";
	socket.on("message", (message: Buffer) => {
		received += message.subarray(1);
	});
	await new Promise((resolve) => socket.once("open", resolve));
	stdout.write("out");
	await new Promise((resolve) => socket.once("close", resolve));
	await closed.promise;
	t.is(received, "out");
	server.close();
});
