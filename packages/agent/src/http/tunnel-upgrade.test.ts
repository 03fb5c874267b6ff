import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLogger } from "@berth/api";
import test from "ava";
import { kubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { Containers } from "./containers.ts";
import { createUpgrades } from "./upgrades.ts";

test("today's clients forward ports through a WebSocket, whose protocol has a slash in its name", async (t) => {
	const containers: Pick<Containers, "ready" | "dialer"> = {
		ready: async () => {},
		dialer: () => ({ dial: () => Promise.reject(new Error("nothing to dial")), close: () => {} }),
	};
	const upgrade = createUpgrades({
		containers: containers as Containers,
		configuration: kubeletConfiguration(),
		log: silentLogger,
	});
	const server = createServer().on("upgrade", upgrade).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	const answer = await new Promise<{ code: number | undefined; protocol: unknown }>((resolve, reject) => {
		const asked = request({
			...{ port, path: "/portForward/default/p" },
			headers: {
				...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
				"sec-websocket-key": Buffer.alloc(16).toString("base64"),
				"sec-websocket-protocol": "SPDY/3.1+portforward.k8s.io",
			},
		});
		const told = (response: { statusCode?: number | undefined; headers: NodeJS.Dict<string | string[]> }) =>
			resolve({ code: response.statusCode, protocol: response.headers["sec-websocket-protocol"] });
		asked.on("response", told).on("error", reject);
		asked.on("upgrade", (response, socket) => {
			socket.destroy();
			told(response);
		});
		asked.end();
	});
	t.deepEqual(answer, { code: 101, protocol: "SPDY/3.1+portforward.k8s.io" });
	server.close();
});
