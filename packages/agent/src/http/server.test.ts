import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { silentLogger, systemClock } from "@berth/api";
import test from "ava";
import { kubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { KeyPair } from "../node/certificates/certificates.ts";
import type { HostStats } from "../stats/host-stats.ts";
import { mustRun } from "../steps/spawn.ts";
import type { Containers } from "./containers.ts";
import { startAgentServer } from "./server.ts";

async function pairFor(directory: string, name: string): Promise<KeyPair> {
	const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
	await mustRun("openssl", [
		...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
		...["-keyout", key, "-out", cert, "-subj", `/CN=${name}`, "-days", "1"],
	]);
	return { certificate: await readFile(cert, "utf8"), key: await readFile(key, "utf8") };
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === "object" && address ? address.port : 0;
}

async function dial(port: number): Promise<TLSSocket> {
	const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
	await once(socket, "secureConnect");
	return socket;
}

async function ask(socket: TLSSocket): Promise<string> {
	socket.write("GET /healthz HTTP/1.1\r\nHost: n1\r\n\r\n");
	const [answer] = await once(socket, "data");
	return `${answer}`.split("\r\n")[0] ?? "";
}

test("a renewed certificate is shown to those who come; those who are there stay", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "berth-server-"));
	t.teardown(() => rm(directory, { recursive: true }));
	const [first, second] = [await pairFor(directory, "first"), await pairFor(directory, "second")];
	const port = await freePort();
	let tell = (_: KeyPair) => {};
	await using _server = await startAgentServer({
		port,
		addresses: ["127.0.0.1"],
		tls: { ...first, ca: first.certificate },
		renewals: (listener) => {
			tell = listener;
			return () => {};
		},
		callers: { refusal: async () => undefined },
		containers: {} as Containers,
		stats: {} as HostStats,
		pods: () => [],
		metrics: async () => "",
		probeMetrics: async () => "",
		configuration: kubeletConfiguration(),
		clock: systemClock,
		log: silentLogger,
	});
	const early = await dial(port);
	t.is(early.getPeerCertificate().subject.CN, "first");
	t.is(await ask(early), "HTTP/1.1 200 OK");
	tell(second);
	const late = await dial(port);
	t.is(late.getPeerCertificate().subject.CN, "second");
	t.is(await ask(late), "HTTP/1.1 200 OK");
	t.is(await ask(early), "HTTP/1.1 200 OK");
	for (const socket of [early, late]) socket.destroy();
});
