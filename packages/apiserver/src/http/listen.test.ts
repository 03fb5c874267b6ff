import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { createServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { silentLogger, systemClock } from "@berth/api";
import test from "ava";
import { openPki, type Pki } from "../pki/pki.ts";
import { type Listener, listen } from "./listen.ts";
import { temporaryDirectory } from "./testing/temporary-directory.ts";

/** A port that tells each client its HTTP version and whether its certificate holds. */
const open = async (pki: Pki, port = 0): Promise<Listener> =>
	listen({
		address: "127.0.0.1",
		port,
		certificate: await pki.servingCertificate(["127.0.0.1", "first"]),
		caPem: pki.caPem,
		onRequest: async (req, res) => {
			const { authorized } = req.socket as TLSSocket;
			res.end(`${req.httpVersionMajor} ${authorized}`);
		},
		onUpgrade: (_request, socket) => socket.destroy(),
		clock: systemClock,
		log: silentLogger,
	});

const overHttp1 = (port: number, tls: object): Promise<string> =>
	new Promise((resolve, reject) => {
		const sent = request({ host: "127.0.0.1", port, agent: false, ...tls }, (response) => {
			const names = (response.socket as TLSSocket).getPeerCertificate().subjectaltname ?? "";
			response.on("data", (chunk) => resolve(`${chunk} ${names.includes("second") ? "second" : "first"}`));
		});
		sent.on("error", reject);
		sent.end();
	});

const overHttp2 = (port: number, tls: object): Promise<string> =>
	new Promise((resolve, reject) => {
		const session = connectHttp2(`https://127.0.0.1:${port}`, tls);
		session.on("error", reject);
		const stream = session.request({ ":path": "/" });
		stream.on("data", (chunk) => {
			resolve(String(chunk));
			session.close();
		});
		stream.on("error", reject);
	});

test("both versions of HTTP, with and without a certificate, before and after it is renewed", async (t) => {
	await using directory = await temporaryDirectory();
	const pki = await openPki(directory.path);
	const listener = await open(pki);
	const { certificatePem: cert, keyPem: key } = await pki.clientCertificate({ user: "x" });
	const ca = pki.caPem;
	t.is(await overHttp1(listener.port, { ca, cert, key }), "1 true first");
	t.is(await overHttp1(listener.port, { ca }), "1 false first");
	t.is(await overHttp2(listener.port, { ca, cert, key }), "2 true");
	listener.replaceCertificate(await pki.servingCertificate(["127.0.0.1", "second"]));
	t.is(await overHttp1(listener.port, { ca, cert, key }), "1 true second");
	t.is(await overHttp2(listener.port, { ca, cert, key }), "2 true");
	await listener.close(1000);
	await t.throwsAsync(overHttp1(listener.port, { ca }), { code: "ECONNREFUSED" });
});

test("a port that is taken is the system's error", async (t) => {
	await using directory = await temporaryDirectory();
	const other = createServer();
	await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
	t.teardown(() => void other.close());
	const address = other.address();
	const port = typeof address === "object" && address ? address.port : 0;
	await t.throwsAsync(open(await openPki(directory.path), port), { code: "EADDRINUSE" });
});
