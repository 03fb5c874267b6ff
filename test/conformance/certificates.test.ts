/** A node renews its certificates with a real control plane: asked for, approved, signed, shown. */
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openCertificates, renewCertificates } from "@berth/agent";
import { CertificateSigningRequest, Node, silentLogger, systemClock } from "@berth/api";
import { createClient, httpsTransport, loadKubeconfig } from "@berth/client";
import test from "ava";
import { startCluster } from "./cluster.ts";

const YEAR = 365 * 86_400_000;

test("a node that is about to lose its certificates gets others, and its watches never notice", async (t) => {
	await using cluster = await startCluster();
	const identity = { name: "n1", addresses: ["192.0.2.7"] };
	const text = await cluster.pki.nodeKubeconfig({ ...identity, server: cluster.url });
	const { certificate = "", key = "", ca = "", server } = await loadKubeconfig(text);
	const directory = join(cluster.directory, "agent");
	const certificates = await openCertificates({
		directory,
		given: { certificate, key },
		ca,
		now: Date.now(),
	});
	const transport = httpsTransport({
		server,
		ca,
		identity: () => certificates.current("client"),
		clock: systemClock,
		log: silentLogger,
	});
	const client = createClient(transport);
	await client.create(Node, { metadata: { name: "n1" }, spec: {} });
	const addresses = [{ type: "InternalIP" as const, address: "192.0.2.7" }];
	const node = await client.patch(
		Node,
		{ name: "n1" },
		{ status: { addresses } },
		{ type: "merge", subresource: "status" },
	);
	const watch = await client.watch(Node, {
		fieldSelector: "metadata.name=n1",
		resourceVersion: node.metadata.resourceVersion,
	});
	const events = watch[Symbol.asyncIterator]();
	const shown = () =>
		(["client", "serving"] as const).map((purpose) => certificates.current(purpose).certificate);
	function isRenewed() {
		return !shown().includes(certificate);
	}
	const stop = new AbortController();
	t.teardown(async () => {
		stop.abort();
		await renewing;
		await transport.close();
	});
	const told: string[] = [];
	const say = (_: unknown, reason: string, message: string) => void told.push(`${reason} ${message}`);
	const renewing = renewCertificates(
		{
			client,
			certificates,
			nodeName: "n1",
			node: () => node,
			events: { normal: say, warning: say },
			failed: () => {},
			// Four and a half of five years are over. What is new then lasts a year from today: it is renewed once.
			clock: { ...systemClock, now: () => (isRenewed() ? Date.now() : Date.now() + 4.6 * YEAR) },
			log: silentLogger,
			random: () => 0.5,
		},
		stop.signal,
	);
	const deadline = Date.now() + 20_000;
	while (!isRenewed() && told.length === 0 && Date.now() < deadline) await sleep(20);
	t.deepEqual(told, []);
	const [own = "", serving = ""] = shown();
	t.is(new X509Certificate(own).subject, "O=system:nodes\nCN=system:node:n1");
	t.is(new X509Certificate(own).subjectAltName, undefined);
	t.truthy(new X509Certificate(serving).checkIP("192.0.2.7"));
	// Calls come over the new connection, events still over the old one.
	await client.patch(Node, { name: "n1" }, { metadata: { labels: { a: "b" } } }, { type: "merge" });
	let seen: Node | undefined;
	while (seen?.metadata.labels?.a !== "b") {
		const { done, value } = await events.next();
		if (done) break;
		seen = value.object;
	}
	t.is(seen?.metadata.labels?.a, "b");
	const requests = (await cluster.client.list(CertificateSigningRequest)).items;
	t.true(requests.length >= 2);
	for (const { status } of requests) t.is(status?.conditions?.[0]?.reason, "AutoApproved");
});
