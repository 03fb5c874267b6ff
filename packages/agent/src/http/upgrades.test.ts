import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { silentLogger } from "@berth/api";
import test from "ava";
import { WebSocket } from "ws";
import { kubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { ContainerProcess, Containers } from "./containers.ts";
import { createUpgrades } from "./upgrades.ts";

async function serve(containers: Partial<Containers>, configuration = kubeletConfiguration()) {
	const upgrade = createUpgrades({
		containers: { ready: async () => {}, ...containers } as Containers,
		configuration,
		log: silentLogger,
	});
	const server = createServer().on("upgrade", upgrade).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		connect: (path: string, protocol: string) => new WebSocket(`ws://127.0.0.1:${port}/${path}`, protocol),
		close: () => server.close(),
	};
}

test("ports that are named beforehand have two channels each", async (t) => {
	const pod = new PassThrough();
	const server = await serve({
		dialer: () => ({
			dial: async (port) => {
				if (port === 80) return pod;
				throw new Error("connection refused");
			},
			close: () => {},
		}),
	});
	const refused = server.connect("portForward/default/p", "v4.channel.k8s.io");
	const status = await new Promise((resolve) => {
		refused.on("unexpected-response", (_, { statusCode }) => resolve(statusCode));
		refused.on("error", () => {});
	});
	t.is(status, 400);
	const socket = server.connect("portForward/default/p?port=80&port=81", "v4.channel.k8s.io");
	const said = new Map<number, string>();
	const echoed = Promise.withResolvers<void>();
	socket.on("message", (message: Buffer) => {
		const channel = message[0] ?? 0;
		said.set(channel, (said.get(channel) ?? "") + message.toString("latin1", 1));
		if (said.get(0)?.endsWith("hello")) echoed.resolve();
	});
	await new Promise((resolve) => socket.once("open", resolve));
	socket.send(Buffer.from("\0hello"));
	await echoed.promise;
	pod.end();
	await new Promise((resolve) => socket.once("close", resolve));
	t.deepEqual(
		[...said].sort(([a], [b]) => a - b),
		[
			[0, "P\0hello"],
			[1, "P\0"],
			[2, "Q\0"],
			[3, "Q\0error forwarding port 81 to pod default/p: connection refused"],
		],
	);
	server.close();
});

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
	const server = await serve(
		{ exec: async () => process },
		{ ...kubeletConfiguration(), streamingConnectionIdleTimeout: "100ms" },
	);
	const socket = server.connect("exec/default/p/c?command=sh&input=1&output=1", "v5.channel.k8s.io");
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
