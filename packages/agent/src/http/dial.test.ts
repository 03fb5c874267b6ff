import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import process from "node:process";
import { text } from "node:stream/consumers";
import test from "ava";
import { createDialer } from "./dial.ts";

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot("connections are the kernel's: half closed, refused, many at once", async (t) => {
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		socket.write("hello ");
		socket.pipe(socket);
	});
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as AddressInfo;
	const dialer = createDialer(async () => process.pid);
	const answers = Array.from({ length: 20 }, async (_, number) => {
		const connection = await dialer.dial(port);
		connection.end(`${number}`);
		return text(connection);
	});
	t.deepEqual(
		await Promise.all(answers),
		Array.from({ length: 20 }, (_, number) => `hello ${number}`),
	);
	server.close();
	await once(server, "close");
	await t.throwsAsync(dialer.dial(port), {
		message: `dial tcp 127.0.0.1:${port}: connect: connection refused`,
	});
	dialer.close();
	await t.throwsAsync(dialer.dial(port), { message: "the connection was closed" });
});

asRoot("a pod whose network is gone is told so", async (t) => {
	const dialer = createDialer(async () => 2 ** 22 + 1);
	await t.throwsAsync(dialer.dial(80), { message: /No such file or directory/ });
	dialer.close();
});
